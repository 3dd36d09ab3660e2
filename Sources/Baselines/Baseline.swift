import Checkpoint
public import Corpora
public import Evaluation
public import Labelling
import Runs

/// A trained baseline, which predicts the labels of sentences or texts.
public struct Baseline {
    /// The recipe that it was trained with.
    public let recipe: BaselineRecipe
    /// Label names, in the order of the probabilities.
    public let labels: [String]
    /// The probability from which each label is predicted, if a text may have any number of labels; otherwise `nil`.
    public let thresholds: Thresholds?
    let model: any BaselineModel

    init(recipe: BaselineRecipe, labels: [String], thresholds: Thresholds?, model: any BaselineModel) {
        self.recipe = recipe
        self.labels = labels
        self.thresholds = thresholds
        self.model = model
    }

    /// Loads a baseline from a directory that ``BaselineRun`` wrote.
    ///
    /// - Parameter path: The path of the directory.
    /// - Throws: ``BaselineError`` or `CheckpointError` if a file is missing or not valid; `TrainingError.recipe` if a
    ///   required library is not installed.
    public init(path: String) throws {
        let directory = try CheckpointDirectory(path: path)
        try self.init(BaselineRecord(readFrom: directory), in: directory)
    }

    /// Loads the model that a record describes from its directory.
    init(_ record: BaselineRecord, in directory: CheckpointDirectory) throws {
        let files = BaselineFiles(directory, entries: record.files)
        let count = record.labels.count
        recipe = record.recipe
        labels = record.labels
        thresholds =
            record.recipe.task == .multiLabelText
            ? try Thresholds(json: files.bytes(Thresholds.fileName), labels: record.labels) : nil
        model =
            switch record.recipe.settings {
            case .tfidfSGD(let settings):
                try LinearClassifier(files: files, settings: settings, labels: count, recipe: record.recipe)
            case .boostedTrees(let settings):
                try BoostedTrees(files: files, settings: settings, labels: count, recipe: record.recipe)
            case .gru(let settings):
                try RecurrentClassifier(files: files, settings: settings, labels: count, recipe: record.recipe)
            }
    }

    /// Predicts the labels of every sentence or text of a labelled corpus.
    ///
    /// - Parameters:
    ///   - corpus: A corpus of the kind that the baseline's task uses.
    ///   - threads: The number of threads; by default the recipe's.
    /// - Returns: Predicted and true labels, in the order of the corpus.
    /// - Throws: `CorpusError` if the corpus has a label that the baseline does not know; `TrainingError.recipe` if the
    ///   corpus is of another kind.
    public func predictions(for corpus: LabelledCorpus, threads: Int? = nil) throws -> Predictions {
        let texts = try BaselineData.texts(corpus.items.prepared(for: recipe.task))
        let targets = try texts.map { try $0.targets(among: labels, areExclusive: thresholds == nil) }
        return Predictions(
            labels: labels, texts: texts, targets: targets,
            probabilities: try model.probabilities(of: texts, threads: threads ?? recipe.threads),
            thresholds: thresholds)
    }
}
