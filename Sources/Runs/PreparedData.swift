package import Corpora

/// What a run learns from and is measured on: drawn, set apart and cut as a recipe says, with its labels known.
package struct PreparedData: Sendable {
    /// To learn from.
    package let learning: LabelledItems
    /// To measure on.
    package let measuring: LabelledItems
    /// The label names, in order.
    package let labels: [String]
    /// The abstracts or texts that ``measuring`` is made of.
    package let measuredItems: Int
    private let sources: (training: [CorpusSource], development: [CorpusSource])

    /// Draws, splits and cuts.
    ///
    /// - Parameters:
    ///   - plan: The task, the sampling, the fraction that is set apart and the seed.
    ///   - training: What to learn from.
    ///   - development: What to measure on; `nil` to set a share of the training data apart.
    ///   - labels: The label names in order; `nil` for those of `base` where the corpus has the same ones, and the corpus'
    ///     own otherwise.
    ///   - base: The base checkpoint's labels.
    /// - Throws: ``TrainingError/recipe(_:)`` or `CorpusError`.
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
                    "--dev-share \(plan.developmentShare) of \(training.items.count) items leaves one part empty; give --dev, or another share."
                )
            }
        }
        measuredItems = measuring.count
        (learning, measuring) = try Self.apply(plan, to: learning, measuring)
        let inventory = try Self.inventory(learning, names: labels, base: base)
        if let unknown = measuring.labels.first(where: { inventory.index(of: $0.label) == nil }) {
            throw CorpusError(
                description:
                    "\(unknown.place) of the development data has the label \"\(unknown.label)\"; the training data's labels are \(inventory.names.joined(separator: ", "))."
            )
        }
        self.labels = inventory.names
        self.learning = learning
        self.measuring = measuring
        sources = (training.sources, (development ?? training).sources)
    }

    /// What is learnt from, for a record.
    package var trainingPart: DataRecord.Part { DataRecord.Part(learning, sources: sources.training) }
    /// What is measured on, for a record.
    package var developmentPart: DataRecord.Part { DataRecord.Part(measuring, sources: sources.development) }

    /// Turns abstracts into sentences where those are labelled on their own, and draws as many items as are wanted.
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
        // The base checkpoint's head can go on where its rows keep their order.
        return try inventory(base)
    }
}
