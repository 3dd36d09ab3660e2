import Baselines
import Evaluation
public import Experiments
public import MLflow
public import Runs
public import Tracking
import Training

/// An observer that records a comparison for MLflow: a parent run for the comparison and a child run for each model.
public final class ComparisonTracker: RunObserver {
    private let run: TrackedRun
    private let isResumed: Bool
    private let models: [any ComparedModel]
    private let test: DataRecord.Part
    private let origin: [KeyValue]
    private let registered: String?
    private let aliases: [String]
    /// The child runs, by the names of the models.
    private var parts: [String: Part] = [:]
    private var evaluations: [String: ModelEvaluation] = [:]
    private var warnings: [String] = []

    /// The child run of a model, with its observer and results.
    private enum Part {
        case checkpoint(TrainingTracker, FinishedTraining?)
        case baseline(BaselineTracker, BaselineRun?)
        /// A checkpoint that existed before the comparison.
        case found(TrackedRun)

        var run: TrackedRun {
            switch self {
            case .checkpoint(let tracker, _): tracker.run
            case .baseline(let tracker, _): tracker.run
            case .found(let run): run
            }
        }
    }

    /// Creates an observer and logs the models, data and settings.
    ///
    /// - Parameters:
    ///   - run: The tracked run of the whole comparison.
    ///   - resuming: Whether the comparison is being resumed.
    ///   - models: The compared models.
    ///   - training: The training data, if any model is trained.
    ///   - development: The development data; `nil` if they are a held-out fraction of `training`.
    ///   - test: The test data.
    ///   - bootstrap: The settings of the resampling.
    ///   - origin: The tags for the program, user and machine.
    ///   - registered: The registered model of which the checkpoint with the best result on the development data
    ///     becomes a version.
    ///   - aliases: The aliases that are moved to this version.
    public init(
        _ run: TrackedRun, resuming: Bool, models: [any ComparedModel], training: DataRecord.Part? = nil,
        development: DataRecord.Part? = nil, test: DataRecord.Part,
        bootstrap: PairedBootstrap, origin: [KeyValue], registered: String? = nil, aliases: [String] = []
    ) {
        self.run = run
        isResumed = resuming
        self.models = models
        self.test = test
        self.origin = origin
        self.registered = registered
        self.aliases = aliases
        run.log(params: [
            KeyValue("compared", models.map(\.run.name).joined(separator: ",")),
            KeyValue("resamples", "\(bootstrap.resamples)"), KeyValue("resampling_seed", "\(bootstrap.seed)"),
            KeyValue("test_items", "\(test.items)"),
        ])
        run.log(tags: RunTags.data(training: training, development: development, test: test))
        let parts = [(training, "train"), (development, "dev"), (test, "test")]
        run.log(datasets: DatasetInput.parts(parts.compactMap { part, context in part.map { ($0, context) } }))
    }

    /// The tracked run of the comparison, followed by those of its models.
    public var runs: [TrackedRun] { [run] + models.compactMap { parts[$0.run.name]?.run } }

    /// Records an event.
    public func record(_ event: ExperimentEvent) {
        switch event {
        case .began(let run, let job, _): checkpoint(run, job.recipe, job.labels, job.data)
        case .training(let run, let event):
            if case .checkpoint(let tracker, _)? = parts[run.name] { tracker.record(event) }
        case .finished(let run, let training):
            checkpoint(run, training.recipe, training.labels, training.data)
            if case .checkpoint(let tracker, _)? = parts[run.name] { parts[run.name] = .checkpoint(tracker, training) }
        case .baselineBegan(let run, let recipe, _):
            part(run, in: run.directory.path) {
                .baseline(BaselineTracker($0, recipe: recipe, directory: run.directory), nil)
            }
        case .baselinePassed(let run, let progress):
            if case .baseline(let tracker, _)? = parts[run.name] { tracker.record(progress) }
        case .baselineFinished(let run, let outcome):
            if case .baseline(let tracker, _)? = parts[run.name] { parts[run.name] = .baseline(tracker, outcome) }
        case .measured(let run, let evaluation):
            evaluations[run.name] = evaluation
            part(run, in: self.run.directory(ofPart: run.name)) { part in
                part.log(params: [KeyValue("checkpoint", run.directory.path)])
                return .found(part)
            }
        case .paused, .failed: break
        }
    }

    private func checkpoint(_ run: ExperimentRun, _ recipe: Recipe, _ labels: [String], _ data: DataRecord) {
        part(run, in: run.directory.path) {
            .checkpoint(
                TrainingTracker($0, recipe: recipe, labels: labels, data: data, directory: run.directory), nil)
        }
    }

    /// Creates or resumes the child run of a model, unless that has been done.
    private func part(_ run: ExperimentRun, in directory: String, _ make: (TrackedRun) -> Part) {
        guard parts[run.name] == nil else { return }
        do {
            parts[run.name] = make(
                try self.run.part(named: run.name, directory: directory, resuming: isResumed, tags: origin))
        } catch {
            warnings.append("\(run.name) cannot be tracked: \(error)")
        }
    }

    /// Returns all warnings, each once.
    public func takeWarnings() -> [String] {
        defer { warnings = [] }
        return warnings + runs.flatMap { $0.takeWarnings() }
    }

    /// Records the results of all models and of the comparison, and ends all runs.
    ///
    /// - Parameters:
    ///   - comparison: The results of the comparison.
    ///   - costs: The processor time of labelling with each system, in microseconds per abstract or text.
    ///   - files: The files of the comparison.
    /// - Returns: Warnings about charts or report pages that could not be written.
    public func finish(
        _ comparison: Comparison, costs: [Double], files: [(name: String, bytes: [UInt8])]
    ) -> [String] {
        var warnings: [String] = []
        let best = bestCheckpoint
        for name in models.map(\.run.name) {
            guard let part = parts[name] else { continue }
            guard !part.run.wasFinished, let test = evaluations[name] else {
                part.run.stop(as: .killed)
                continue
            }
            let warning: String?
            switch part {
            case .checkpoint(let tracker, let training?):
                warning = tracker.finish(
                    TrainingResults(training, test: test, testData: self.test), environment: origin,
                    registered: name == best ? registered : nil, aliases: name == best ? aliases : [])
            case .baseline(let tracker, let outcome?):
                warning = tracker.finish(outcome, test: (test, self.test), environment: origin)
            case .checkpoint(_, nil), .baseline(_, nil), .found:
                warning = nil
                part.run.log(tags: RunTags.data(test: self.test))
                part.run.log(datasets: [DatasetInput(self.test, context: "test")])
                part.run.log(metrics: test.figures.metrics("test"), step: 0)
                for (path, bytes) in test.artifacts() { part.run.log(artifact: bytes, as: path) }
                part.run.finish(.finished)
            }
            if let warning { warnings.append("\(name): \(warning)") }
        }
        run.log(metrics: comparison.metrics(costs: costs), step: 0)
        for (name, bytes) in files { run.log(artifact: bytes, as: name) }
        run.finish(.finished)
        return warnings
    }

    /// The name of the trained checkpoint with the best result on the development data.
    private var bestCheckpoint: String? {
        var best: (name: String, value: Double)?
        for name in models.map(\.run.name) {
            guard case .checkpoint(_, let training?)? = parts[name] else { continue }
            let value = training.best.development.value(of: training.recipe.figure)
            if best.map({ value > $0.value }) ?? true { best = (name, value) }
        }
        return best?.name
    }
}

extension Comparison {
    /// Returns the averages of every system and their differences from the first, with names such as
    /// `downsampled/test_macro_f1_difference`.
    fileprivate func metrics(costs: [Double]) -> [(key: String, value: Double)] {
        let averages = figures.filter { $0.label == nil }.flatMap { figure in
            figure.results.flatMap { result in
                let key = "\(result.system)/test_\(figure.metric)"
                var metrics = [
                    (key: key, value: result.estimate.value), ("\(key)_lower", result.estimate.lower),
                    ("\(key)_upper", result.estimate.upper),
                ]
                if let difference = result.difference {
                    metrics += [
                        ("\(key)_difference", difference.estimate.value),
                        ("\(key)_difference_lower", difference.estimate.lower),
                        ("\(key)_difference_upper", difference.estimate.upper),
                        ("\(key)_difference_p", difference.correctedP),
                    ]
                }
                return metrics
            }
        }
        return averages + zip(systems, costs).map { ("\($0)/processor_microseconds", $1) }
    }
}
