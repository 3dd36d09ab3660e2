import Checkpoint
public import Evaluation
public import Labelling
public import Training

/// A trained baseline: it gives sentences and texts labels, as a checkpoint does.
public struct Baseline {
    /// Every choice.
    public let recipe: BaselineRecipe
    /// The label names, in the order of probabilities.
    public let labels: [String]
    /// From which probability each label counts, where a text has any number of them.
    public let thresholds: Thresholds?
    let model: any BaselineModel

    init(recipe: BaselineRecipe, labels: [String], thresholds: Thresholds?, model: any BaselineModel) {
        self.recipe = recipe
        self.labels = labels
        self.thresholds = thresholds
        self.model = model
    }

    /// Reads a baseline's directory, which ``BaselineRun`` wrote.
    ///
    /// - Parameter path: The directory.
    /// - Throws: ``BaselineError`` or `CheckpointError` for a file that is missing or not what it should be;
    ///   `TrainingError.recipe` where a library is not installed.
    public init(path: String) throws {
        let directory = try CheckpointDirectory(path: path)
        try self.init(BaselineRecord(readFrom: directory), in: directory)
    }

    /// Reads the model that a directory's record tells of.
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

    /// What it says of every sentence or text of a corpus, beside what is true.
    ///
    /// - Parameters:
    ///   - corpus: Of the kind that its task learns from.
    ///   - threads: That share the work; those of the recipe where nothing is said.
    /// - Returns: In the order of the corpus.
    /// - Throws: `CorpusError` where the corpus has a label that the baseline does not; `TrainingError.recipe` where it is of
    ///   another kind.
    public func predictions(for corpus: LabelledCorpus, threads: Int? = nil) throws -> Predictions {
        let texts = try BaselineData.texts(corpus.items.prepared(for: recipe.task))
        let targets = try texts.map { try $0.targets(among: labels, areExclusive: thresholds == nil) }
        return Predictions(
            labels: labels, texts: texts, targets: targets,
            probabilities: try model.probabilities(of: texts, threads: threads ?? recipe.threads),
            thresholds: thresholds)
    }
}
