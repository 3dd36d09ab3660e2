public import Tracking
public import Runs
public import Experiments
import FoundationEssentials
public import MLflow
public import Training

/// Writes down a tuning for MLflow: a run for the whole with the best trial's checkpoint, and a part of it for every trial.
public final class TuningTracker: RunObserver {
    private let run: TrackedRun
    private let isResumed: Bool
    private let origin: [KeyValue]
    /// The trials' runs, those that were there before and no event tells of included.
    private var parts: [String: TrackedRun] = [:]
    private var trials: [String: TrainingTracker] = [:]
    private var warnings: [String] = []

    /// Tells what is searched.
    ///
    /// - Parameters:
    ///   - run: The whole's.
    ///   - resuming: Whether the tuning goes on.
    ///   - plan: What decides how it goes.
    ///   - training: What the trials learn from.
    ///   - development: What they are measured on, where that is no share of `training`.
    ///   - origin: Who and what makes the runs.
    public init(
        _ run: TrackedRun, resuming: Bool, plan: TuningPlan, training: DataRecord.Part, development: DataRecord.Part?,
        origin: [KeyValue]
    ) {
        self.run = run
        isResumed = resuming
        self.origin = origin
        run.log(
            params: plan.common.map { KeyValue(option: $0.option, $0.value) } + [
                KeyValue("search", plan.searches.joined(separator: " ")),
                KeyValue("strategy", plan.strategy.rawValue), KeyValue("search_seed", "\(plan.seed)"),
                KeyValue("eta", plan.halving.map { "\($0.reduction)" } ?? "none"),
                KeyValue("first_rung", plan.halving.map { "\($0.firstRung)" } ?? "none"),
            ])
        run.log(tags: RunTags.data(training: training, development: development))
        let data = [(training, "train")] + (development.map { [($0, "dev")] } ?? [])
        run.log(datasets: DatasetInput.parts(data))
        if resuming { goOnWithParts() }
    }

    /// Goes on with every trial's run that is there: what was not sent is sent, and what did not end will.
    private func goOnWithParts() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: run.directory(ofPart: ""))) ?? []
        for name in names.sorted() {
            let directory = run.directory(ofPart: name)
            let journal = TrackingPaths(directory).journal
            guard FileManager.default.fileExists(atPath: journal) else { continue }
            let ending = Self.ending(in: journal)
            guard let part = part(named: name) else { continue }
            if let ending {
                part.finish(ending)
            } else {
                part.log(status: .scheduled)
            }
        }
    }

    /// How a trial ended that cannot go on; `nil` where it can.
    private static func ending(in journal: String) -> Run.Status? {
        var (status, hasReason) = (Run.Status?.none, false)
        var reader = JournalReader(path: journal)
        while let record = try? reader.next() {
            switch record.entry {
            case .status(let found, _): status = found
            case .tags(let tags): hasReason = hasReason || tags.contains { $0.key == reasonTag }
            default: break
            }
        }
        // Where all of the tuning failed its trials did too, but have no reason of their own.
        return status == .finished || (status == .failed && hasReason) ? status : nil
    }

    /// MLflow's tag for what is told of a run: why a trial failed.
    private static let reasonTag = "mlflow.note.content"

    /// The whole's run, and its trials'.
    public var runs: [TrackedRun] { [run] + parts.sorted { $0.key < $1.key }.map(\.value) }

    /// Writes down an event.
    public func record(_ event: ExperimentEvent) {
        switch event {
        case .began(let trial, let job, _):
            tracker(of: trial, job.recipe, job.labels, job.data)?.run.log(status: .running)
        case .training(let trial, let event): trials[trial.name]?.record(event)
        case .paused(let trial): trials[trial.name]?.run.log(status: .scheduled)
        case .finished(let trial, let training):
            tracker(of: trial, training.recipe, training.labels, training.data)?.run.log(bestEpochOf: training)
            trials[trial.name]?.run.finish(.finished)
        case .failed(let trial, let reason):
            trials[trial.name]?.run.log(tags: [KeyValue(Self.reasonTag, reason)])
            trials[trial.name]?.run.finish(.failed)
        case .baselineBegan, .baselinePassed, .baselineFinished, .measured: break
        }
    }

    /// A trial's tracker, which begins or goes on where it is not there yet.
    private func tracker(
        of trial: ExperimentRun, _ recipe: Recipe, _ labels: [String], _ data: DataRecord
    ) -> TrainingTracker? {
        if let tracker = trials[trial.name] { return tracker }
        guard let part = parts[trial.name] ?? part(named: trial.name) else { return nil }
        let tracker = TrainingTracker(part, recipe: recipe, labels: labels, data: data, directory: trial.directory)
        trials[trial.name] = tracker
        return tracker
    }

    /// Begins a trial's run, or goes on with it.
    private func part(named name: String) -> TrackedRun? {
        do {
            // The trial's own directory is removed in the end.
            let part = try run.part(
                named: name, directory: run.directory(ofPart: name), resuming: isResumed, tags: origin)
            parts[name] = part
            return part
        } catch {
            warnings.append("\(name) is not tracked: \(error)")
            return nil
        }
    }

    /// What a person should know, once.
    public func takeWarnings() -> [String] {
        defer { warnings = [] }
        return warnings + runs.flatMap { $0.takeWarnings() }
    }

    /// Writes down what was found, with the best trial's checkpoint and how it came out, and ends all runs. One that was finished before
    /// it was gone on with stays as it is.
    ///
    /// - Parameters:
    ///   - record: What was found.
    ///   - training: The best trial's.
    ///   - directory: Where the checkpoint and `tuning.json` are.
    ///   - environment: The machine and the program, for the page.
    ///   - registered: The registered model that it becomes a version of.
    ///   - aliases: What then points at this version.
    /// - Returns: What a person should know, where the run's charts or page cannot be made.
    public func finish(
        _ record: TuningRecord, best training: FinishedTraining, directory: RunDirectory, environment: [KeyValue] = [],
        registered: String? = nil, aliases: [String] = []
    ) -> String? {
        for part in parts.values { part.stop(as: .killed) }
        guard !run.wasFinished else {
            run.finish(.finished)
            return nil
        }
        for trial in record.trials {
            if let value = trial.best { run.log(metrics: [("trial_value", value)], step: trial.number) }
        }
        let best = record.trials.first { $0.number == record.best }
        if let best {
            run.log(
                params: [KeyValue("best_trial", "\(best.number)")]
                    + best.settings.map { KeyValue("best_\(KeyValue(option: $0.option, "").key)", $0.value) })
            if let value = best.best { run.log(metrics: [("best_value", value)], step: 0) }
        }
        run.log(file: TuningRecord.fileName, as: TuningRecord.fileName)
        let warning = run.log(
            TrainingResults(training), histories: best.flatMap { parts[$0.runName] }?.histories ?? [],
            environment: environment, besideModelIn: directory)
        run.log(
            model: TrackedModel(
                checkpointIn: directory, task: training.recipe.task, step: training.best.step, registered: registered,
                aliases: aliases))
        run.finish(.finished)
        return warning
    }
}
