public import Runs
public import Corpora
import Checkpoint
public import Evaluation
public import Labelling

/// What a model made of labelled data.
///
/// A checkpoint is measured the way it will be used: loaded by the same code and run by the same engine as serving.
public struct ModelEvaluation: Sendable {
    /// The figures.
    public let figures: Figures
    /// Every sentence or text.
    public let predictions: Predictions
    /// As the familiar table.
    public let report: String
    /// For texts with any number of labels: those that decided.
    public let thresholds: Thresholds?
    /// For abstracts: what they are like.
    public let profile: LabellingProfile?

    /// What is told of labels that were given elsewhere.
    ///
    /// - Parameters:
    ///   - predictions: With the labels that were given.
    ///   - thresholds: Those that gave them, where they were chosen on these very items.
    public init(_ predictions: Predictions, thresholds: Thresholds? = nil) {
        self.predictions = predictions
        self.thresholds = thresholds
        figures = Figures(predictions, thresholds: thresholds)
        report = predictions.report
        profile = nil
    }

    /// Labels a corpus that the checkpoint has neither learnt from nor been chosen by, and counts the results by the
    /// checkpoint's own thresholds.
    ///
    /// - Parameters:
    ///   - corpus: Of the kind that `task` learns from.
    ///   - task: What the checkpoint was trained to do.
    ///   - engine: Labels it.
    /// - Throws: `CorpusError` where the corpus has a label the checkpoint does not; ``TrainingError/recipe(_:)`` where it is of
    ///   another kind.
    public init(_ corpus: LabelledCorpus, task: TrainingTask, engine: Engine) throws {
        try self.init(try corpus.items.prepared(for: task), engine: engine, tunesThresholds: false)
    }

    /// Measures a checkpoint on the data that its run chooses by.
    init(checkpoint path: String, of job: TrainingJob) throws {
        let engine = Engine(try Labeller(CheckpointDirectory(path: path)), threads: job.recipe.threads)
        try self.init(job.development, engine: engine)
    }

    /// Labels `items` by `engine` and counts the results; where any number of labels is given, by thresholds tuned on these
    /// very items, if so wished.
    init(_ items: LabelledItems, engine: Engine, tunesThresholds: Bool = true) throws {
        switch items {
        case .abstracts(let abstracts):
            var evaluation = AbstractEvaluation(labels: engine.labeller.labels)
            try evaluation.add(
                abstracts.lazy.map { abstract in
                    CorpusAbstract(id: abstract.id, sentences: abstract.sentences.map { ($0.text, $0.labels) })
                }, engine: engine, rawText: false)
            figures = Figures(evaluation)
            report = AbstractReport(evaluation).description
            thresholds = nil
            profile = evaluation.profile
            predictions = evaluation.predictions
        case .texts(let texts):
            var evaluation = TextEvaluation(engine.labeller)
            profile = nil
            try evaluation.add(texts.lazy.map { (id: $0.id, text: $0.text, labels: $0.labels) }, engine: engine)
            switch evaluation.results {
            case .oneLabel:
                thresholds = nil
                predictions = evaluation.predictions
            case .anyLabels(let scored):
                let tuned = tunesThresholds ? scored.tunedThresholds() : scored.thresholds
                thresholds = tuned
                predictions = evaluation.predictions.deciding(by: tuned)
            }
            figures = Figures(predictions, thresholds: thresholds)
            report = predictions.report
        }
    }
}
