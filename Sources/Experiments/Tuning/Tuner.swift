import Checkpoint
import FoundationEssentials
public import Training

/// Searches for the recipe whose checkpoint is best on the development data: begins trials, lets the promising ones go on and leaves the
/// others, and puts the best one's checkpoint in place.
///
/// One trial is trained at a time, with all threads. A trial keeps its whole schedule from its first step; it is stopped at a rung and goes
/// on from its saved state, never trained anew with fewer epochs. What happens is in the journal before it counts.
public final class Tuner {
    /// How it ended.
    public enum Outcome: Sendable {
        /// The best trial's checkpoint is in place, and came out like this.
        case finished(TuningRecord, best: FinishedTraining)
        /// It was asked to stop; what was done is saved.
        case stopped
    }

    private let plan: TuningPlan
    private let space: SearchSpace
    private let limits: TuningLimits
    private let recipe: Recipe
    private let directory: RunDirectory
    private let savingInterval: Double
    private let makeJob: (Recipe) throws -> TrainingJob
    private let lock: DirectoryLock
    private let journal: TuningJournal
    /// Whether the best trial's checkpoint was in place from the beginning: there is nothing left to do but to tell.
    public let wasFinished: Bool
    private var state = TuningState()
    private let clock = ContinuousClock()
    private var lastEvent = ContinuousClock().now

    /// As many trials may fail before any succeeds.
    private static let failuresAllowed = 5

    /// Checks everything that can be checked before a trial, and reads how far the tuning has come.
    ///
    /// - Parameters:
    ///   - plan: What decides how it goes.
    ///   - limits: For how long.
    ///   - recipe: What all trials have in common.
    ///   - directory: Where the best checkpoint will be.
    ///   - resuming: Whether to go on with the tuning in `directory`.
    ///   - savingInterval: Seconds between two savings of a trial's state.
    ///   - makeJob: Makes a trial's job of its recipe.
    /// - Throws: ``ExperimentError``, or `TrainingError` where the recipe makes no sense at an end of a range.
    public init(
        _ plan: TuningPlan, limits: TuningLimits, recipe: Recipe, directory: RunDirectory, resuming: Bool = false,
        savingInterval: Double = 600, makeJob: @escaping (Recipe) throws -> TrainingJob
    ) throws {
        self.plan = plan
        self.limits = limits
        self.recipe = recipe
        self.directory = directory
        self.savingInterval = savingInterval
        self.makeJob = makeJob
        space = try plan.space()
        try recipe.check()
        for dimension in space.dimensions {
            for value in dimension.extremes {
                var extreme = recipe
                try extreme.set(dimension.option, to: value)
                try extreme.check()
            }
        }
        let path = directory.path
        let events: [TuningEvent]
        (lock, journal, events) = try Self.open(directory, resuming: resuming)
        wasFinished = directory.holdsWeights
        if case .began(let earlier)? = events.first {
            let differences = plan.differences(from: earlier)
            guard differences.isEmpty else {
                throw ExperimentError.output(
                    "\(path) holds a tuning that differs from this one in \(differences.joined(separator: "; ")). Give the same command with --resume, or another --out."
                )
            }
        } else if events.isEmpty {
            try journal.append(.began(plan: plan))
        }
        for (index, event) in events.enumerated() where !state.add(event) || (index == 0) != event.isBeginning {
            throw ExperimentError.output(
                "\(journal.path), line \(index + 1) does not follow from the lines before it. Tune again in another --out, or cut the file off before that line."
            )
        }
    }

    private static func open(
        _ directory: RunDirectory, resuming: Bool
    ) throws(ExperimentError) -> (DirectoryLock, TuningJournal, [TuningEvent]) {
        let path = directory.path
        let files = FileManager.default
        let journalPath = "\(path)/trials.jsonl"
        // Of the files that a tuning's end puts in place tuning.json is the first.
        let isItsOwn = [journalPath, "\(path)/\(TuningRecord.fileName)"].allSatisfy { files.fileExists(atPath: $0) }
        guard !directory.holdsWeights || (resuming && isItsOwn) else {
            throw .output("\(path) holds a checkpoint already. Give another --out, or move it away.")
        }
        if resuming, !files.fileExists(atPath: journalPath) {
            throw .output(
                "\(path) holds no tuning to resume: trials.jsonl is missing. Check --out, or leave --resume out.")
        }
        do {
            try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .output("the directory \(path) cannot be made: \(error). Check --out and its permissions.")
        }
        guard let lock = DirectoryLock(path) else {
            throw .output(
                "\(path) is being written to by another tuning. Let it finish or stop it, or give another --out.")
        }
        let (journal, events) = try TuningJournal.open(journalPath)
        guard resuming || events.isEmpty else {
            throw .output("\(path) holds an unfinished tuning. Add --resume to go on with it, or give another --out.")
        }
        return (lock, journal, events)
    }

    /// Trains trials until there is nothing left to do, or it is asked to stop. Of a tuning that is finished it tells again how it
    /// came out.
    ///
    /// - Parameters:
    ///   - report: Is told what happens, of trials named `trial-1`, `trial-2`, ….
    ///   - shouldStop: Is asked again and again.
    /// - Returns: How it ended.
    /// - Throws: ``ExperimentError/output(_:)`` where the journal cannot be written; an error of a trial that is not the trial's own.
    public func run(
        report: (ExperimentEvent) -> Void = { _ in }, shouldStop: () -> Bool = { false }
    ) throws -> Outcome {
        lastEvent = clock.now
        if wasFinished {
            guard let best = state.best, best.status == .finished else {
                throw ExperimentError.output(
                    "\(directory.path) holds a checkpoint that no trial of \(journal.path) can have had. Give another --out."
                )
            }
            // Not before the checkpoint has proved to be this trial's.
            let outcome = try finished(best)
            removeTrials()
            return outcome
        }
        while !shouldStop() {
            switch state.decision(plan, space, limits) {
            case .begin(let settings):
                let epochs = Int(try recipe(with: settings).epochs.rounded(.up))
                try record(.trial(number: state.trials.count + 1, settings: settings, epochs: epochs))
            case .train(let number, let epochs):
                guard let trial = state.trial(number) else { continue }
                if try !train(trial, until: epochs, report: report, shouldStop: shouldStop) { return .stopped }
            case .end(let number):
                guard let best = state.trial(number) else { continue }
                try putInPlace(best)
                return try finished(best)
            case .failed:
                let reasons = state.trials.compactMap(\.reason)
                throw ExperimentError.plan(
                    "no trial could be trained: \(reasons.last ?? "none was begun"). Search other ranges.")
            }
        }
        return .stopped
    }

    /// Trains a trial until so many epochs are done or its promotion takes it further.
    ///
    /// - Returns: `false` where the tuning was asked to stop.
    private func train(
        _ trial: Trial, until epochs: Int, report: (ExperimentEvent) -> Void, shouldStop: () -> Bool
    ) throws -> Bool {
        let run = run(of: trial)
        var target = epochs
        var isAskedToStop = false
        var problem: ExperimentError?
        do {
            let job = try makeJob(recipe(with: trial.settings))
            let progress = try run.directory.progress(of: job)
            try takeOver(progress, of: trial.number)
            if case .unfinished = progress, let done = state.trial(trial.number)?.values.count, done >= target,
                done < trial.epochs
            {
                return true
            }
            let ending = try run.train(
                job, savingInterval: savingInterval,
                report: { event in
                    if case .training(_, .evaluated(let record, _)) = event {
                        do throws(ExperimentError) {
                            try self.record(epoch: record, of: trial.number)
                        } catch {
                            problem = error
                        }
                    }
                    report(event)
                },
                shouldStop: {
                    isAskedToStop = shouldStop()
                    if isAskedToStop || problem != nil { return true }
                    if let done = state.trial(trial.number)?.values.count, done >= target {
                        // A promotion at once saves leaving and coming back.
                        guard case .train(trial.number, let further) = state.decision(plan, space, limits) else {
                            return true
                        }
                        target = further
                    }
                    return state.best?.number != trial.number && state.isSpent(limits, sinceLastEvent: sinceLastEvent)
                })
            if let problem { throw problem }
            switch ending {
            case .finished: try record(.finished(number: trial.number, seconds: sinceLastEvent))
            case .stopped: try record(.paused(number: trial.number, seconds: sinceLastEvent))
            }
        } catch let error as TrainingError {
            switch error {
            case .diverged(let reason), .memory(let reason):
                try record(.failed(number: trial.number, reason: reason, seconds: sinceLastEvent))
                report(.failed(run, reason: reason))
                try? FileManager.default.removeItem(atPath: run.directory.path)
                if state.best == nil, state.trials.count(where: { $0.status == .failed }) >= Self.failuresAllowed {
                    throw error
                }
            case .recipe, .output, .state: throw error
            }
        }
        return !isAskedToStop
    }

    /// Notes the epochs that a run did and the journal lost.
    private func takeOver(_ progress: RunProgress, of number: Int) throws(ExperimentError) {
        let history: [EpochRecord] =
            switch progress {
            case .none: []
            case .unfinished(let history), .finished(let history, _): history
            }
        for epoch in history.dropFirst(state.trial(number)?.values.count ?? 0) { try record(epoch: epoch, of: number) }
    }

    private func record(epoch: EpochRecord, of number: Int) throws(ExperimentError) {
        let value = epoch.development.value(of: recipe.figure)
        try record(.epoch(number: number, epoch: epoch.epoch, value: value, seconds: sinceLastEvent))
    }

    private func record(_ event: TuningEvent) throws(ExperimentError) {
        try journal.append(event)
        state.add(event)
        lastEvent = clock.now
    }

    private var sinceLastEvent: Double { (clock.now - lastEvent) / .seconds(1) }

    private func recipe(with settings: [Setting]) throws(TrainingError) -> Recipe {
        var recipe = recipe
        for setting in settings { try recipe.set(setting.option, to: setting.value) }
        return recipe
    }

    private func run(of trial: Trial) -> ExperimentRun {
        ExperimentRun(
            name: trial.runName, settings: trial.settings,
            directory: RunDirectory(path: "\(directory.path)/trials/\(trial.runName)"))
    }

    /// How it came out, with the best trial's checkpoint in place.
    private func finished(_ best: Trial) throws -> Outcome {
        let job = try makeJob(recipe(with: best.settings))
        guard case .finished(let history, let epoch) = try directory.progress(of: job) else {
            throw ExperimentError.output("\(directory.path) holds no checkpoint of the best trial any more.")
        }
        return .finished(
            tuningRecord(best: best), best: try directory.finishedTraining(of: job, history: history, best: epoch))
    }

    private func tuningRecord(best: Trial) -> TuningRecord {
        TuningRecord(plan: plan, limits: limits, state: state, best: best.number)
    }

    private func removeTrials() { try? FileManager.default.removeItem(atPath: "\(directory.path)/trials") }

    /// Moves the best trial's checkpoint to the directory, weights last, and removes all trials.
    private func putInPlace(_ best: Trial) throws {
        try directory.write(try RecordJSON.encode(tuningRecord(best: best)), named: TuningRecord.fileName)
        let weights = "model.safetensors"
        let source = run(of: best).directory.path
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: source).filter { $0 != weights }
            for name in names.sorted() + [weights] {
                try directory.move("\(source)/\(name)", to: "\(directory.path)/\(name)")
            }
        } catch {
            throw ExperimentError.output(
                "the best trial's checkpoint cannot be put in place: \(error) It is in \(source); give the same command with --resume."
            )
        }
        removeTrials()
    }
}

extension TuningEvent {
    fileprivate var isBeginning: Bool {
        if case .began = self { true } else { false }
    }
}
