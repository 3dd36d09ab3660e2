package import Corpora

/// The training and development data of a run, sampled and split according to its plan, with the label names.
package struct PreparedData: Sendable {
    /// The training data.
    package let learning: LabelledItems
    /// The development data.
    package let measuring: LabelledItems
    /// The label names in order.
    package let labels: [String]
    /// The number of abstracts or texts from which ``measuring`` was made.
    package let measuredItems: Int
    private let sources: (training: [CorpusSource], development: [CorpusSource])

    /// Samples and splits the data.
    ///
    /// - Parameters:
    ///   - plan: The task, the sampling, the held-out fraction and the seed.
    ///   - training: The training data.
    ///   - development: The development data; `nil` to hold out a fraction of the training data.
    ///   - labels: The label names in order; `nil` for the order of `base` if the corpus has the same labels, and
    ///     otherwise for the corpus's own order.
    ///   - base: The labels of the base checkpoint.
    /// - Throws: ``TrainingError/recipe(_:)`` if the data do not suit the plan, or `CorpusError` if the labels are not
    ///   valid.
    package init(
        _ plan: DataPlan, training: LabelledCorpus, development: LabelledCorpus?, labels: [String]?,
        base: [String]? = nil
    ) throws {
        var learning = training.items
        var measuring: LabelledItems
        if let development {
            measuring = development.items
        } else {
            var generator = SplitMix64(seed: plan.seed, .development)
            let count = Int((Double(learning.count) * plan.developmentShare).rounded())
            (measuring, learning) = learning.split(count, using: &generator)
            guard measuring.count > 0, learning.count > 0 else {
                throw TrainingError.recipe(
                    "--dev-share \(plan.developmentShare) with \(training.items.count) items leaves no training data or no development data; pass --dev or another --dev-share."
                )
            }
        }
        measuredItems = measuring.count
        (learning, measuring) = try Self.apply(plan, to: learning, measuring)
        let inventory = try Self.inventory(learning, names: labels, base: base)
        if let unknown = measuring.labels.first(where: { inventory.index(of: $0.label) == nil }) {
            throw CorpusError(
                description:
                    "\(unknown.place) in the development data has the label \"\(unknown.label)\", but the labels of the training data are \(inventory.names.joined(separator: ", ")). Correct the label or add training examples."
            )
        }
        self.labels = inventory.names
        self.learning = learning
        self.measuring = measuring
        sources = (training.sources, (development ?? training).sources)
    }

    /// The description of the training data for a record.
    package var trainingPart: DataRecord.Part { DataRecord.Part(learning, sources: sources.training) }
    /// The description of the development data for a record.
    package var developmentPart: DataRecord.Part { DataRecord.Part(measuring, sources: sources.development) }

    /// Samples the training data, converts both parts as the task needs, and downsamples the training data.
    private static func apply(
        _ plan: DataPlan, to learning: LabelledItems, _ measuring: LabelledItems
    ) throws -> (learning: LabelledItems, measuring: LabelledItems) {
        var (learning, measuring) = (learning, measuring)
        var generator = SplitMix64(seed: plan.seed, .sample)
        if let count = plan.sample { learning = learning.sample(count, using: &generator) }
        learning = try learning.prepared(for: plan.task)
        measuring = try measuring.prepared(for: plan.task)
        if plan.downsample, case .texts(let texts) = learning {
            learning = .texts(try texts.downsample(using: &generator))
        }
        return (learning, measuring)
    }

    private static func inventory(
        _ items: LabelledItems, names: [String]?, base: [String]?
    ) throws -> LabelInventory {
        func inventory(_ names: [String]?) throws -> LabelInventory {
            switch items {
            case .abstracts(let abstracts): try LabelInventory(abstracts, names: names)
            case .texts(let texts): try LabelInventory(texts, names: names)
            }
        }
        let found = try inventory(names)
        guard names == nil, let base, Set(base) == Set(found.names) else { return found }
        // With the same label order, training can continue from the head of the base checkpoint.
        return try inventory(base)
    }
}
