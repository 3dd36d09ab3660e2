public import Corpora
import Training

/// Trains all systems, measures each once on the same test data, and compares them.
public struct ComparisonRun: Sendable {
    /// The outcome of a comparison.
    public enum Outcome: Sendable {
        /// All systems were measured; `costs` are their processor times, in microseconds per abstract or text.
        case compared(Comparison, costs: [Double])
        /// The comparison was stopped, and its progress is saved.
        case stopped
    }

    private let models: [any ComparedModel]
    private let test: LabelledCorpus
    private let bootstrap: PairedBootstrap

    /// Creates a comparison.
    ///
    /// - Parameters:
    ///   - models: The models in the order of the report; the others are compared with the system of the first.
    ///   - test: The test data.
    ///   - bootstrap: The settings of the resampling.
    /// - Throws: ``ExperimentError/plan(_:)`` if there are fewer than two systems; ``ExperimentError/measurements(_:)`` if
    ///   the models do not predict the same labels, or the test data have other labels.
    public init(
        _ models: [any ComparedModel], test: LabelledCorpus, bootstrap: PairedBootstrap = PairedBootstrap()
    ) throws(ExperimentError) {
        let systems = Set(models.map(\.system))
        guard systems.count > 1 else {
            throw .plan(
                "there is \(systems.isEmpty ? "nothing" : "only one system") to compare; pass at least two with --variant, --variants or --checkpoint."
            )
        }
        func list(_ labels: Set<String>) -> String { labels.sorted().joined(separator: ", ") }
        for model in models where model.labels != models[0].labels {
            throw .measurements(
                "\(model.run.name) predicts the labels \(list(model.labels)), but \(models[0].run.name) predicts \(list(models[0].labels)); only systems with the same labels can be compared."
            )
        }
        if let unknown = test.labelNames.subtracting(models[0].labels).min() {
            throw .measurements(
                "the test data have the label \"\(unknown)\", but the systems predict \(list(models[0].labels)). "
                    + "Correct the label, or choose other systems.")
        }
        self.models = models
        self.test = test
        self.bootstrap = bootstrap
    }

    /// Trains and measures the models and compares them, unless it is stopped.
    ///
    /// - Parameters:
    ///   - report: A closure that receives the events of the comparison.
    ///   - shouldStop: A closure that is called repeatedly; return `true` to stop.
    /// - Returns: The outcome.
    /// - Throws: An error if a model cannot be trained or measured, or if the models cannot be compared.
    public func run(
        report: (ExperimentEvent) -> Void = { _ in }, shouldStop: () -> Bool = { false }
    ) throws -> Outcome {
        for model in models {
            guard try model.prepare(report: report, shouldStop: shouldStop), !shouldStop() else { return .stopped }
        }
        var measurements: [Measurement] = []
        for model in models {
            if shouldStop() { return .stopped }
            let measurement = try model.measure(on: test)
            report(.measured(model.run, measurement.evaluation))
            measurements.append(measurement)
        }
        let comparison = bootstrap.compare(try ClusterCounts(measurements))
        let costs = comparison.systems.map { system in
            let seconds = measurements.filter { $0.system == system }.map(\.processorSeconds)
            return 1e6 * seconds.reduce(0, +) / Double(seconds.count * comparison.clusters)
        }
        return .compared(comparison, costs: costs)
    }
}
