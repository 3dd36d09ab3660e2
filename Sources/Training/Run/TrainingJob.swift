public import Runs
public import Corpora
import Checkpoint
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
        let prepared = try PreparedData(
            recipe.dataPlan, training: training, development: development, labels: labels,
            base: base.configuration.labels)
        self.labels = prepared.labels
        for teacher in teachers {
            guard recipe.task == .sequenceLabelling, teacher.configuration.task == .sequenceLabelling,
                Set(teacher.configuration.labels ?? []) == Set(prepared.labels)
            else {
                throw TrainingError.recipe(
                    "the teacher \(teacher.directory.path) does not label the sentences of abstracts as \(prepared.labels.joined(separator: ", "))."
                )
            }
        }
        (configurationFile, configuration) = try base.target(recipe, labels: prepared.labels, name: name)
        switch prepared.learning {
        case .abstracts(let abstracts):
            self.training = try TrainingSet(
                abstracts: abstracts, labelNames: prepared.labels, tokenizer: base.tokenizer,
                configuration: configuration, recipe: recipe)
        case .texts(let texts):
            self.training = try TrainingSet(
                texts: texts, labelNames: prepared.labels, tokenizer: base.tokenizer, configuration: configuration,
                recipe: recipe)
        }
        self.development = prepared.measuring
        self.teachers = teachers
        if !teachers.isEmpty, case .abstracts(let abstracts) = prepared.learning {
            taught = abstracts
        } else {
            taught = []
        }
        data = DataRecord(
            base: base.name, baseFiles: base.files, teachers: teachers.isEmpty ? nil : teachers.flatMap(\.files),
            training: prepared.trainingPart, development: prepared.developmentPart)
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
