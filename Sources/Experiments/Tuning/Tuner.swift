import Checkpoint
import Evaluation
import FoundationEssentials
public import Runs
public import Training

/// A search for the recipe with the best checkpoint on the development data.
///
/// It starts trials, continues promising ones, stops the others, and finally puts the checkpoint of the best trial in place.
/// One trial is trained at a time, with all threads. A trial has its complete schedule from the first step: it is stopped at
/// a rung and continues from its saved state; it is never trained again with fewer epochs. Every event is written to the
/// journal before it takes effect.
public final class Tuner {
    /// The outcome of a search.
    public enum Outcome: Sendable {
        /// The search finished, and the checkpoint of the best trial is in place.
        case finished(TuningRecord, best: FinishedTraining)
        /// The search was stopped, and its progress is saved.
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
    /// Whether the search had already finished before this tuner was created, so that only its results can be reported.
    public let wasFinished: Bool
    private var state = TuningState()
    private let clock = ContinuousClock()
    private var lastEvent = ContinuousClock().now

    /// The search ends with an error when this number of trials have failed and none has succeeded.
    private static let failuresAllowed = 5

    /// Checks everything that can be checked before the first trial, and reads the progress of a resumed search.
    ///
    /// - Parameters:
    ///   - plan: The plan of the search.
    ///   - limits: The limits on trials and time.
    ///   - recipe: The recipe that all trials share.
    ///   - directory: The directory for the best checkpoint.
    ///   - resuming: Whether to resume the search in `directory`.
    ///   - savingInterval: The number of seconds between saves of a trial's training state.
    ///   - makeJob: A closure that creates the job of a trial from its recipe.
    /// - Throws: ``ExperimentError``, or `TrainingError` if the recipe is not valid at an end of a range.
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
                    "\(path) holds a search with other settings: \(differences.joined(separator: "; ")). Repeat the original command with --resume, or choose another --out."
                )
            }
        } else if events.isEmpty {
            try journal.append(.began(plan: plan))
        }
        for (index, event) in events.enumerated() where !state.add(event) || (index == 0) != event.isBeginning {
            throw ExperimentError.output(
                "\(journal.path), line \(index + 1) does not fit the lines before it: it records a trial or a result that cannot come next. Delete this line and all after it, or start again in another --out."
            )
        }
    }

    private static func open(
        _ directory: RunDirectory, resuming: Bool
    ) throws(ExperimentError) -> (DirectoryLock, TuningJournal, [TuningEvent]) {
        let path = directory.path
        let files = FileManager.default
        let journalPath = "\(path)/trials.jsonl"
        // At the end of a search, tuning.json is the first file that is put in place.
        let isItsOwn = [journalPath, "\(path)/\(TuningRecord.fileName)"].allSatisfy { files.fileExists(atPath: $0) }
        guard !directory.holdsWeights || (resuming && isItsOwn) else {
            throw .output("\(path) already holds a checkpoint. Choose another --out, or move the checkpoint away.")
        }
        if resuming, !files.fileExists(atPath: journalPath) {
            throw .output(
                "\(path) holds no search to resume: trials.jsonl is missing. Check --out, or remove --resume.")
        }
        do {
            try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .output(
                "the directory \(path) cannot be created: \(FileFailure.reason(error)). Check --out and its permissions."
            )
        }
        guard let lock = DirectoryLock(path) else {
            throw .output(
                "\(path) is in use by another search. Wait until it has finished, stop it, or choose another --out.")
        }
        let (journal, events) = try TuningJournal.open(journalPath)
        guard resuming || events.isEmpty else {
            throw .output("\(path) holds an unfinished search. Add --resume to continue it, or choose another --out.")
        }
        return (lock, journal, events)
    }

    /// Runs trials until the search is finished or stopped. If the search had already finished, returns its results again.
    ///
    /// - Parameters:
    ///   - report: A closure that receives the events of the trials, whose runs are named `trial-1`, `trial-2`, ….
    ///   - shouldStop: A closure that is called repeatedly; return `true` to stop.
    /// - Returns: The outcome.
    /// - Throws: ``ExperimentError/output(_:)`` if the journal cannot be written; ``ExperimentError/plan(_:)`` if every trial
    ///   failed; `TrainingError` if a trial fails for a reason that would affect all trials.
    public func run(
        report: (ExperimentEvent) -> Void = { _ in }, shouldStop: () -> Bool = { false }
    ) throws -> Outcome {
        lastEvent = clock.now
        if wasFinished {
            guard let best = state.best, best.status == .finished else {
                throw ExperimentError.output(
                    "\(directory.path) holds a checkpoint that does not belong to a trial in \(journal.path). Choose another --out."
                )
            }
            // Remove the trials only after the checkpoint has been verified to be that of the best trial.
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
                    reasons.last.map { "no trial could be trained. The last one failed: \($0) Search other ranges." }
                        ?? "no trial was started. Raise --budget or --trials.")
            }
        }
        return .stopped
    }

    /// Trains a trial until `epochs` epochs are done, or further if it is promoted at once.
    ///
    /// - Returns: `false` if the search was stopped.
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
                        // If the trial is promoted at once, it continues without being paused and resumed.
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

    /// Adds epochs to the journal that a run completed but the journal lacks.
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

    /// Returns the outcome of a search whose best checkpoint is in place.
    private func finished(_ best: Trial) throws -> Outcome {
        let job = try makeJob(recipe(with: best.settings))
        guard case .finished(let history, let epoch) = try directory.progress(of: job) else {
            throw ExperimentError.output(
                "\(directory.path) no longer holds the checkpoint of the best trial. "
                    + "Start the search again in another --out.")
        }
        return .finished(
            tuningRecord(best: best), best: try directory.finishedTraining(of: job, history: history, best: epoch))
    }

    private func tuningRecord(best: Trial) -> TuningRecord {
        TuningRecord(plan: plan, limits: limits, state: state, best: best.number)
    }

    private func removeTrials() { try? FileManager.default.removeItem(atPath: "\(directory.path)/trials") }

    /// Moves the checkpoint of the best trial to the directory, weights last, and removes all trials.
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
                "the checkpoint of the best trial cannot be moved into place: \(FileFailure.reason(error)). It is still in \(source); repeat the command with --resume."
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
