import Checkpoint
import Corpora
import Evaluation
import FoundationEssentials
import Kernels
import Labelling
public import Model
public import Runs

/// A trainer that takes the steps of a run, evaluates its epochs, saves its state and writes its checkpoint.
///
/// The final weights depend only on the recipe, the data, the base checkpoint and the program. A resumed run ends with
/// the same bytes as an uninterrupted one.
public final class Trainer {
    /// The job of the run.
    public let job: TrainingJob
    /// The output directory.
    public let directory: RunDirectory
    /// The number of seconds between saves of the training state.
    public var savingInterval = 600.0
    /// The network that is trained.
    public let network: TrainableNetwork
    /// The most memory that the run will use.
    public let memory: MemoryEstimate

    private let lock: DirectoryLock
    private var training: TrainingSet
    private let availableMemory: Int?
    private let team: ThreadTeam
    private var workspace: TrainingWorkspace
    private let optimiser: Optimiser
    private let average: WeightAverage?
    private let schedule: LearningRateSchedule
    private let stepsOfEpochs: [Int]
    private var state: RunState
    private var speed = TrainingSpeed()
    /// The evaluation of the best epoch on the development data, if it took place since the run was started or resumed.
    private var evaluated: ModelEvaluation?

    /// Checks the memory and the output directory, and loads the base checkpoint or the saved state.
    ///
    /// - Parameters:
    ///   - job: The job of the run.
    ///   - directory: The output directory.
    ///   - resuming: Whether to resume the run in `directory`.
    ///   - availableMemory: The available memory in bytes; `nil` if it is unknown.
    /// - Throws: ``TrainingError`` or an error of the base checkpoint.
    public init(
        _ job: TrainingJob, directory: RunDirectory, resuming: Bool = false,
        availableMemory: Int? = AvailableMemory.bytes()
    ) throws {
        self.job = job
        self.directory = directory
        training = job.training
        self.availableMemory = availableMemory
        let (recipe, configuration) = (job.recipe, job.configuration)
        // The head's gradients use float32 matrix multiplications at every precision.
        guard Arithmetic.hasOpenBLAS else { throw TrainingError.missingOpenBLAS }
        let store = try job.base.tensors(for: configuration)
        let count = store.tensors.reduce(0) { $0 + $1.elementCount }
        if let availableMemory {
            try MemoryEstimate.check(
                recipe, configuration: configuration, parameterCount: count, available: availableMemory)
        }
        // There may be two states while one replaces the other, and the checkpoints of two epochs.
        let bytes = 4 * count * (2 * (recipe.averaging > 0 ? 4 : 3) + 2)
        lock = try directory.open(resuming: resuming, bytes: bytes)
        var state = RunState(
            recipe: recipe, labels: job.labels, data: job.data, name: job.configuration.name ?? "")
        if resuming {
            state = try RunState.read(directory)
            try state.check(job, in: directory)
        }
        stepsOfEpochs = try Self.stepsOfEpochs(job)
        schedule = LearningRateSchedule(steps: stepsOfEpochs.reduce(0, +), warmUp: recipe.warmUp)
        var generator = SplitMix64(seed: recipe.seed, .head)
        network = try TrainableNetwork(
            configuration, base: store, basePositions: job.base.configuration.positions, generator: &generator)
        memory = MemoryEstimate(recipe, configuration: configuration, parameterCount: network.parameterCount)
        optimiser = Optimiser(network.parameters, layers: configuration.layers, recipe: recipe)
        average = recipe.averaging > 0 ? WeightAverage(network.parameters, decay: recipe.averaging) : nil
        team = ThreadTeam(count: recipe.threads)
        workspace = TrainingWorkspace(
            for: configuration, labels: job.labels.count, tokens: recipe.tokensPerBatch, threads: recipe.threads,
            precision: recipe.precision)
        self.state = state
        if let tensors = state.tensors { try self.tensors.read(from: "\(directory.statePath)/\(tensors)") }
    }

    /// Returns the number of steps in each epoch. The last epoch may be shortened.
    private static func stepsOfEpochs(_ job: TrainingJob) throws -> [Int] {
        let epochs = Int(job.recipe.epochs.rounded(.up))
        return try (0..<epochs).map { epoch in
            let steps = try EpochPlan(job.training, recipe: job.recipe, epoch: epoch).steps
            let share = min(1, job.recipe.epochs - Double(epoch))
            return max(1, Int((Double(steps) * share).rounded()))
        }
    }

    private var tensors: TrainedTensors {
        TrainedTensors(parameters: network.parameters, optimiser: optimiser, average: average)
    }

    /// Trains until the end, or until it is stopped.
    ///
    /// - Parameters:
    ///   - report: A closure that receives the events of the run.
    ///   - shouldStop: A closure that is called after every step and epoch; return `true` to stop.
    /// - Returns: The way in which the run ended.
    /// - Throws: ``TrainingError/diverged(_:)`` if the loss or gradient is not finite, in which case the last saved
    ///   state is kept; ``TrainingError/output(_:)`` if the checkpoint cannot be written.
    public func run(
        report: (TrainingEvent) -> Void = { _ in }, shouldStop: () -> Bool = { false }
    ) throws -> TrainingOutcome {
        try learnFromTeachers(report)
        report(
            .began(
                TrainingSummary(
                    parameters: network.parameterCount, initialised: network.initialised, steps: schedule.steps,
                    stepsTaken: state.step, stepsOfEpochs: stepsOfEpochs, memory: memory,
                    availableMemory: availableMemory)))
        let clock = ContinuousClock()
        var resumed = clock.now
        func keepTime() {
            let now = clock.now
            state.seconds += (now - resumed) / .seconds(1)
            resumed = now
        }
        var lastSaved = clock.now
        while state.history.count < stepsOfEpochs.count {
            let epoch = state.history.count
            let before = stepsOfEpochs[..<epoch].reduce(0, +)
            let plan = try EpochPlan(training, recipe: job.recipe, epoch: epoch)
            while state.step < before + stepsOfEpochs[epoch] {
                report(.step(try step(plan, epoch: epoch, stepOfEpoch: state.step - before)))
                if shouldStop() {
                    keepTime()
                    try save()
                    report(.saved(step: state.step))
                    return .stopped(step: state.step)
                }
                if (clock.now - lastSaved) / .seconds(1) >= savingInterval {
                    keepTime()
                    saveIfPossible(report)
                    lastSaved = clock.now
                }
            }
            let record = try evaluate(epoch: epoch, keepTime: keepTime)
            report(.evaluated(record, isBest: state.bestEpoch == record.epoch))
            if state.history.count < stepsOfEpochs.count, shouldStop() {
                try save()
                report(.saved(step: state.step))
                return .stopped(step: state.step)
            }
            saveIfPossible(report)
            lastSaved = clock.now
        }
        return try finish()
    }

    /// Computes the teachers' predictions, or reads the predictions saved at the start of the run.
    private func learnFromTeachers(_ report: (TrainingEvent) -> Void) throws {
        guard !job.teachers.isEmpty else { return }
        let file = directory.teachingFile
        let teaching: Teaching
        if state.step > 0, directory.exists(file) {
            teaching = try Teaching(path: file, job)
        } else {
            teaching = try Teaching(job, report: report)
            do {
                try teaching.write(to: file)
            } catch {
                throw TrainingError.output(
                    "the teachers' predictions cannot be saved in \(file): \(FileFailure.reason(error)).")
            }
        }
        training.teach(teaching.distributions, share: job.recipe.taughtShare)
    }

    /// Takes one step of the optimiser.
    private func step(_ plan: EpochPlan, epoch: Int, stepOfEpoch: Int) throws -> StepProgress {
        let recipe = job.recipe
        let start = ContinuousClock().now
        let batches = plan.batches(ofStep: stepOfEpoch).map { batch($0, epoch: epoch) }
        let items = batches.reduce(0) { $0 + $1.items }
        network.clearGradients()
        var loss = 0.0
        for (index, batch) in batches.enumerated() {
            var generator = SplitMix64(seed: recipe.seed, .dropout, state.step, index)
            loss += network.accumulate(
                batch, dropout: recipe.dropout, smoothing: recipe.labelSmoothing, scale: 1 / Double(items),
                generator: &generator, workspace: &workspace, team: team)
            guard loss.isFinite else {
                throw diverged("the loss is \(loss)", epoch: epoch, stepOfEpoch, batch: index)
            }
        }
        let factor = schedule.factor(at: state.step)
        let norm = optimiser.step(state.step, factor: factor, team: team)
        guard norm.isFinite else {
            throw diverged("the gradient's norm is \(norm)", epoch: epoch, stepOfEpoch, batch: batches.count - 1)
        }
        average?.update(state.step, team: team)
        state.step += 1
        state.epochLoss += loss
        state.epochItems += items
        speed.add(
            tokens: batches.reduce(0) { $0 + $1.tokens }, seconds: (ContinuousClock().now - start) / .seconds(1),
            loss: loss / Double(items))
        return StepProgress(
            step: state.step, steps: schedule.steps, epoch: epoch + 1, loss: loss / Double(items),
            recentLoss: speed.recentLoss ?? 0, gradientNorm: norm, learningRate: factor * recipe.learningRate,
            tokensPerSecond: speed.tokensPerSecond,
            secondsLeft: speed.secondsPerStep * Double(schedule.steps - state.step))
    }

    private func batch(_ readings: [Reading], epoch: Int) -> TrainingBatch {
        var batch = TrainingBatch()
        for reading in readings {
            var generator = SplitMix64(
                seed: job.recipe.seed, .maskedPieces, epoch, reading.item, copy: reading.copy)
            let (windows, target) = training.example(
                reading, maskedPieces: job.recipe.maskedPieces, exactShare: job.recipe.exactShare,
                generator: &generator)
            batch.append(windows.map { (ids: $0.ids, spans: $0.spans) }, target: target)
        }
        return batch
    }

    private func diverged(_ what: String, epoch: Int, _ stepOfEpoch: Int, batch: Int) -> TrainingError {
        let saved = directory.holdsState ? "The last saved state is kept." : "No state was saved."
        return .diverged(
            "\(what) at step \(state.step + 1) (step \(stepOfEpoch + 1) of epoch \(epoch + 1), batch \(batch + 1)): the run diverged. \(saved) Train again with a lower --learning-rate or --head-learning-rate, or a higher --warm-up."
        )
    }
}

extension Trainer {
    /// Writes a checkpoint, evaluates it as it will be used, and keeps it if it is the best so far.
    private func evaluate(epoch: Int, keepTime: () -> Void) throws -> EpochRecord {
        let number = epoch + 1
        let path = directory.checkpoint(ofEpoch: number)
        try writeCheckpoint(to: path)
        let engine = Engine(try Labeller(CheckpointDirectory(path: path)), threads: job.recipe.threads)
        let evaluation = try ModelEvaluation(job.development, engine: engine)
        let masked =
            job.recipe.maskedNumbers > 0
            ? try ModelEvaluation(job.development.maskingNumbers(), engine: engine) : nil
        keepTime()
        let record = EpochRecord(
            epoch: number, step: state.step, trainingLoss: state.epochLoss / Double(max(1, state.epochItems)),
            seconds: state.seconds, development: evaluation.figures,
            developmentWithMaskedNumbers: masked?.figures)
        let figure = job.recipe.figure
        let isBest =
            state.best.map { record.development.value(of: figure) > $0.development.value(of: figure) } ?? true
        if isBest {
            state.bestEpoch = number
            evaluated = evaluation
            if let thresholds = evaluation.thresholds {
                try thresholds.write(toDirectory: path, labels: job.labels)
            }
            try evaluation.profile?.write(to: "\(path)/\(LabellingProfile.fileName)")
        } else {
            directory.remove(path)
        }
        state.history.append(record)
        state.epochLoss = 0
        state.epochItems = 0
        return record
    }

    private func writeCheckpoint(to path: String) throws {
        let type = job.recipe.storage.elementType
        let entries =
            if let average {
                try average.withAveragedParameters { try network.entries(as: type) }
            } else {
                try network.entries(as: type)
            }
        try directory.writeCheckpoint(
            to: path, configuration: job.configurationFile, base: job.base, weights: entries)
    }

    /// Saves the state. The previous state is kept until the new one is complete.
    private func save() throws(TrainingError) {
        let name = directory.tensors(afterStep: state.step)
        do {
            try tensors.write(to: "\(directory.statePath)/\(name)")
            var saved = state
            saved.tensors = name
            try directory.write(try saved.json(), to: directory.stateFile)
            state = saved
        } catch {
            if state.tensors != name { directory.remove("\(directory.statePath)/\(name)") }
            let kept = state.tensors.map { " The previous state, \($0), is kept." } ?? ""
            throw .output(
                "the state after step \(state.step) cannot be saved in \(directory.statePath): \(FileFailure.reason(error)).\(kept)"
            )
        }
        let best = state.bestEpoch.map { ["epoch-\($0)"] } ?? []
        directory.removeState(except: Set([name] + best))
    }

    private func saveIfPossible(_ report: (TrainingEvent) -> Void) {
        do {
            try save()
            report(.saved(step: state.step))
        } catch {
            report(.notSaved(reason: "\(error)"))
        }
    }

    /// Puts the checkpoint of the best epoch in place, weights last, and removes the saved state.
    private func finish() throws -> TrainingOutcome {
        guard let best = state.best else {
            throw TrainingError.state("\(directory.stateFile) has no best epoch. Train again in another --out.")
        }
        let source = directory.checkpoint(ofEpoch: best.epoch)
        let evaluated = try self.evaluated ?? ModelEvaluation(checkpoint: source, of: job)
        do {
            let files = try CheckpointDirectory(path: source)
            for name in RunDirectory.smallFiles {
                if let bytes = try files.fileIfPresent(name) {
                    try directory.write(bytes, to: "\(directory.path)/\(name)")
                }
            }
            try directory.write(
                try RecordJSON.encode(TrainingRecord(state)), to: "\(directory.path)/training.json")
            try directory.move("\(source)/model.safetensors", to: "\(directory.path)/model.safetensors")
        } catch {
            throw TrainingError.output(
                "the trained checkpoint cannot be moved into place: \(FileFailure.reason(error)). It is still in \(source); free some space and repeat the command with --resume."
            )
        }
        directory.remove(directory.statePath)
        return .finished(FinishedTraining(job, history: state.history, best: best, development: evaluated))
    }
}
