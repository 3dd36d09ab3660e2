public import Training

/// Brings every system about, measures each once on the same test data, and compares them.
public struct ComparisonRun: Sendable {
    /// How it ended.
    public enum Outcome: Sendable {
        /// All were measured; what each system's labelling took of all processors, in microseconds an abstract or text.
        case compared(Comparison, costs: [Double])
        /// It was asked to stop; what was trained is saved.
        case stopped
    }

    private let models: [any ComparedModel]
    private let test: LabelledCorpus
    private let bootstrap: PairedBootstrap

    /// A comparison.
    ///
    /// - Parameters:
    ///   - models: In the order they are told in; the first one's system is what the others are compared with.
    ///   - test: What they are measured on.
    ///   - bootstrap: How much is drawn.
    /// - Throws: ``ExperimentError/plan(_:)`` where there are fewer than two systems; ``ExperimentError/measurements(_:)`` where
    ///   they do not give the same labels, or the test data have others.
    public init(
        _ models: [any ComparedModel], test: LabelledCorpus, bootstrap: PairedBootstrap = PairedBootstrap()
    ) throws(ExperimentError) {
        let systems = Set(models.map(\.system))
        guard systems.count > 1 else {
            throw .plan(
                "there \(systems.isEmpty ? "is nothing" : "is one system") to compare; give two or more by --variant, --variants or --checkpoint."
            )
        }
        func list(_ labels: Set<String>) -> String { labels.sorted().joined(separator: ", ") }
        for model in models where model.labels != models[0].labels {
            throw .measurements(
                "\(model.run.name) gives the labels \(list(model.labels)), \(models[0].run.name) gives \(list(models[0].labels)); only systems with the same labels can be compared."
            )
        }
        if let unknown = test.labelNames.subtracting(models[0].labels).min() {
            throw .measurements(
                "the test data have the label \"\(unknown)\"; what is compared gives \(list(models[0].labels)).")
        }
        self.models = models
        self.test = test
        self.bootstrap = bootstrap
    }

    /// Does what is left to do, or stops when asked to.
    ///
    /// - Parameters:
    ///   - report: Is told what happens.
    ///   - shouldStop: Is asked again and again.
    /// - Returns: How it ended.
    /// - Throws: What keeps a system from being trained or measured, or two from being compared.
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
