import Checkpoint
public import Corpora
public import Model
public import Runs
import Text

/// The inputs of a run, read, checked and tokenised.
public struct TrainingJob: Sendable {
    /// The recipe.
    public let recipe: Recipe
    /// The base checkpoint.
    public let base: BaseCheckpoint
    /// The label names, in the order of the head's rows.
    public let labels: [String]
    /// The configuration of the network to train.
    public let configuration: Configuration
    /// The tokenised training data.
    public let training: TrainingSet
    /// The description of the training and development data.
    public let data: DataRecord
    let configurationFile: [UInt8]
    let development: LabelledItems
    let teachers: [BaseCheckpoint]
    /// The training abstracts that the teachers label; empty if there are no teachers.
    let taught: [TrainingAbstract]

    /// Checks the recipe, and samples, splits and tokenises the data according to it.
    ///
    /// - Parameters:
    ///   - recipe: The recipe.
    ///   - base: The base checkpoint.
    ///   - training: The training data.
    ///   - development: The development data; `nil` to hold out a fraction of the training data.
    ///   - teachers: Sequence labellers with the same labels, whose mean predictions are distilled.
    ///   - labels: The label names in the order of the head's rows; `nil` for the order of the base checkpoint if the
    ///     corpus has the same labels, and otherwise for the corpus's own order.
    ///   - name: The name of the trained model.
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
                    "the teacher \(teacher.directory.path) does not label the sentences of abstracts with \(prepared.labels.joined(separator: ", ")); choose a teacher with the same task and labels."
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
    /// Describes each difference from another run in words; empty if the run belongs to this job.
    func differences(recipe: Recipe, labels: [String], data: DataRecord) -> [String] {
        var differences = self.data.differences(from: data)
        for (now, then) in zip(self.recipe.settings, recipe.settings) where now.value != then.value {
            differences.append("\(now.option) (changed from \(then.value) to \(now.value))")
        }
        if self.labels != labels {
            differences.append(
                "the labels (changed from \(labels.joined(separator: ", ")) to \(self.labels.joined(separator: ", ")))")
        }
        return differences
    }
}
