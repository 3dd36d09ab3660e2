import Checkpoint
public import Corpora
public import Evaluation
public import Labelling
public import Runs

/// The evaluation of a model on labelled data.
///
/// A checkpoint is evaluated in the same way as it is used: loaded by the same code and run by the same engine as in
/// serving.
public struct ModelEvaluation: Sendable {
    /// The metrics.
    public let figures: Figures
    /// The predictions for every sentence or text.
    public let predictions: Predictions
    /// The report as text.
    public let report: String
    /// The thresholds of the predictions; `nil` if every item has one label.
    public let thresholds: Thresholds?
    /// The profile of the abstracts; `nil` for texts.
    public let profile: LabellingProfile?

    /// Creates an evaluation from existing predictions.
    ///
    /// - Parameters:
    ///   - predictions: The predictions.
    ///   - thresholds: The thresholds of the predictions, if they were tuned on these same items.
    public init(_ predictions: Predictions, thresholds: Thresholds? = nil) {
        self.predictions = predictions
        self.thresholds = thresholds
        figures = Figures(predictions, thresholds: thresholds)
        report = predictions.report
        profile = nil
    }

    /// Evaluates a checkpoint, with its own thresholds, on a corpus that was not used to train or select it.
    ///
    /// - Parameters:
    ///   - corpus: The labelled data, of the kind that `task` needs.
    ///   - task: The task of the checkpoint.
    ///   - engine: The engine of the checkpoint.
    /// - Throws: `CorpusError` if the corpus has a label that the checkpoint lacks; ``TrainingError/recipe(_:)`` if the
    ///   corpus is of another kind.
    public init(_ corpus: LabelledCorpus, task: TrainingTask, engine: Engine) throws {
        try self.init(try corpus.items.prepared(for: task), engine: engine, tunesThresholds: false)
    }

    /// Evaluates a checkpoint on the development data of its job.
    init(checkpoint path: String, of job: TrainingJob) throws {
        let engine = Engine(try Labeller(CheckpointDirectory(path: path)), threads: job.recipe.threads)
        try self.init(job.development, engine: engine)
    }

    /// Evaluates a checkpoint on `items`. For a multi-label checkpoint, `tunesThresholds` says whether thresholds tuned
    /// on these same items replace its own.
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
