public import Experiments
import FoundationEssentials
public import MLflow
public import Runs
public import Tracking
public import Training

/// An observer that records a search for MLflow: a parent run with the best checkpoint and a child run for each trial.
public final class TuningTracker: RunObserver {
    private let run: TrackedRun
    private let isResumed: Bool
    private let origin: [KeyValue]
    /// The child runs of the trials, including earlier ones for which no event occurs.
    private var parts: [String: TrackedRun] = [:]
    private var trials: [String: TrainingTracker] = [:]
    private var warnings: [String] = []

    /// Creates an observer and logs the plan of the search.
    ///
    /// - Parameters:
    ///   - run: The tracked run of the whole search.
    ///   - resuming: Whether the search is being resumed.
    ///   - plan: The plan of the search.
    ///   - training: The training data of the trials.
    ///   - development: The development data; `nil` if they are a held-out fraction of `training`.
    ///   - origin: The tags for the program, user and machine.
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

    /// Resumes the existing child runs, so that pending records are uploaded and runs that did not end are ended.
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

    /// Returns the status of a trial that cannot continue; `nil` if it can.
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
        // If the whole search failed, its trials have the status failed too, but no reason of their own.
        return status == .finished || (status == .failed && hasReason) ? status : nil
    }

    /// The MLflow tag with the reason for a trial's failure, shown as the description of the run.
    private static let reasonTag = "mlflow.note.content"

    /// The tracked run of the search, followed by those of its trials.
    public var runs: [TrackedRun] { [run] + parts.sorted { $0.key < $1.key }.map(\.value) }

    /// Records an event.
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

    /// Returns the observer of a trial, and creates or resumes its child run if necessary.
    private func tracker(
        of trial: ExperimentRun, _ recipe: Recipe, _ labels: [String], _ data: DataRecord
    ) -> TrainingTracker? {
        if let tracker = trials[trial.name] { return tracker }
        guard let part = parts[trial.name] ?? part(named: trial.name) else { return nil }
        let tracker = TrainingTracker(part, recipe: recipe, labels: labels, data: data, directory: trial.directory)
        trials[trial.name] = tracker
        return tracker
    }

    /// Creates or resumes the child run of a trial.
    private func part(named name: String) -> TrackedRun? {
        do {
            // The journal cannot be in the trial's own directory, which is removed at the end of the search.
            let part = try run.part(
                named: name, directory: run.directory(ofPart: name), resuming: isResumed, tags: origin)
            parts[name] = part
            return part
        } catch {
            warnings.append("\(name) cannot be tracked: \(error)")
            return nil
        }
    }

    /// Returns all warnings, each once.
    public func takeWarnings() -> [String] {
        defer { warnings = [] }
        return warnings + runs.flatMap { $0.takeWarnings() }
    }

    /// Records the results of the search with the best trial's checkpoint, and ends all runs. A run that was finished
    /// before it was resumed stays unchanged.
    ///
    /// - Parameters:
    ///   - record: The record of the search.
    ///   - training: The results of the best trial.
    ///   - directory: The directory of the checkpoint and `tuning.json`.
    ///   - environment: A description of the machine and the program for the report page.
    ///   - registered: The registered model of which the checkpoint becomes a version.
    ///   - aliases: The aliases that are moved to this version.
    /// - Returns: A warning if the charts or the report page could not be written; otherwise `nil`.
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
