import Checkpoint
import Evaluation
public import Model
import Text

/// Everything a run works on, read, checked and tokenised.
public struct TrainingJob: Sendable {
    /// Every choice.
    public let recipe: Recipe
    /// What it begins from.
    public let base: BaseCheckpoint
    /// The label names, in the order of the head's rows.
    public let labels: [String]
    /// The network to be trained.
    public let configuration: Configuration
    /// The training data in pieces.
    public let training: TrainingSet
    /// What was read.
    public let data: DataRecord
    let configurationFile: [UInt8]
    let development: LabelledItems
    let teachers: [BaseCheckpoint]
    /// What teachers are asked about; empty where there are none.
    let taught: [TrainingAbstract]

    /// Checks the recipe, and draws, splits and tokenises the data as it says.
    ///
    /// - Parameters:
    ///   - recipe: Every choice.
    ///   - base: What to begin from.
    ///   - training: What to learn from.
    ///   - development: What to measure on; `nil` to set a share of the training data apart.
    ///   - teachers: Sequence labellers with the same labels, whose mean opinion is learnt too.
    ///   - labels: The label names in the order of the head's rows; `nil` for the base checkpoint's where the corpus has
    ///     the same ones, and the corpus' own otherwise.
    ///   - name: The trained model's own.
    /// - Throws: ``TrainingError/recipe(_:)``, `CorpusError`, or an error of the base checkpoint.
    public init(
        recipe: Recipe, base: BaseCheckpoint, training: LabelledCorpus, development: LabelledCorpus?,
        teachers: [BaseCheckpoint] = [], labels: [String]? = nil, name: String
    ) throws {
        try recipe.check()
        self.recipe = recipe
        self.base = base
        var learning = training.items
        var measuring: LabelledItems
        if let development {
            measuring = development.items
        } else {
            var generator = SplitMix64(seed: recipe.seed, .development)
            let count = Int((Double(learning.count) * recipe.developmentShare).rounded())
            (measuring, learning) = learning.split(count, using: &generator)
            guard measuring.count > 0, learning.count > 0 else {
                throw TrainingError.recipe(
                    "--dev-share \(recipe.developmentShare) of \(training.items.count) items leaves one part empty; give --dev, or another share."
                )
            }
        }
        (learning, measuring) = try Self.apply(recipe, to: learning, measuring)
        let inventory = try Self.inventory(learning, names: labels, base: base.configuration.labels)
        self.labels = inventory.names
        if let unknown = measuring.labels.first(where: { inventory.index(of: $0.label) == nil }) {
            throw CorpusError(
                description:
                    "\(unknown.place) of the development data has the label \"\(unknown.label)\"; the training data's labels are \(inventory.names.joined(separator: ", "))."
            )
        }
        for teacher in teachers {
            guard recipe.task == .sequenceLabelling, teacher.configuration.task == .sequenceLabelling,
                Set(teacher.configuration.labels ?? []) == Set(inventory.names)
            else {
                throw TrainingError.recipe(
                    "the teacher \(teacher.directory.path) does not label the sentences of abstracts as \(inventory.names.joined(separator: ", "))."
                )
            }
        }
        (configurationFile, configuration) = try base.target(recipe, labels: inventory.names, name: name)
        switch learning {
        case .abstracts(let abstracts):
            self.training = try TrainingSet(
                abstracts: abstracts, labelNames: inventory.names, tokenizer: base.tokenizer,
                configuration: configuration, recipe: recipe)
        case .texts(let texts):
            self.training = try TrainingSet(
                texts: texts, labelNames: inventory.names, tokenizer: base.tokenizer, configuration: configuration,
                recipe: recipe)
        }
        self.development = measuring
        self.teachers = teachers
        if !teachers.isEmpty, case .abstracts(let abstracts) = learning { taught = abstracts } else { taught = [] }
        data = DataRecord(
            base: base.name, baseFiles: base.files, teachers: teachers.isEmpty ? nil : teachers.flatMap(\.files),
            training: DataRecord.Part(learning, sources: training.sources),
            development: DataRecord.Part(measuring, sources: (development ?? training).sources))
    }

    /// Turns abstracts into sentences where those are labelled on their own, and draws as many items as are wanted.
    private static func apply(
        _ recipe: Recipe, to learning: LabelledItems, _ measuring: LabelledItems
    ) throws -> (learning: LabelledItems, measuring: LabelledItems) {
        var (learning, measuring) = (learning, measuring)
        var generator = SplitMix64(seed: recipe.seed, .sample)
        if let count = recipe.sample { learning = learning.sample(count, using: &generator) }
        learning = try learning.prepared(for: recipe.task)
        measuring = try measuring.prepared(for: recipe.task)
        if recipe.downsample, case .texts(let texts) = learning {
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

extension TrainingJob {
    /// What differs from a run that learnt from `data` by `recipe`, in words; empty where it is this very job.
    func differences(recipe: Recipe, labels: [String], data: DataRecord) -> [String] {
        var differences = self.data.differences(from: data)
        for (now, then) in zip(self.recipe.settings, recipe.settings) where now.value != then.value {
            differences.append("\(now.option) (\(then.value) then, \(now.value) now)")
        }
        if self.labels != labels {
            differences.append(
                "the labels (\(labels.joined(separator: ", ")) then, \(self.labels.joined(separator: ", ")) now)")
        }
        return differences
    }
}
