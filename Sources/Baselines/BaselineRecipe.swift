public import Evaluation
public import Runs

/// All settings of a baseline's training. The same recipe, data and program produce the same bytes.
public struct BaselineRecipe: Sendable, Codable, Equatable {
    /// The task to train for.
    public var task: TrainingTask
    /// The kind of model and its settings.
    public var settings: BaselineSettings
    /// Whether the position of a sentence in its abstract is a feature.
    public var positionFeature = false
    /// Whether to reduce the training texts so that every label has as many as the rarest one.
    public var downsample = false
    /// The number of abstracts or texts to train on, drawn at random; `nil` for all.
    public var sample: Int?
    /// The fraction of the training data that is held out as development data if none are given.
    public var developmentShare = 0.1
    /// Seed of all random choices.
    public var seed: UInt64 = 1
    /// Number of threads; results may differ in rounding with another number.
    public var threads = 1
    /// The metric on the development data by which the best epoch is chosen.
    public var figure = SelectionFigure.microF1

    /// Creates the default recipe of a kind of model.
    public init(_ kind: BaselineKind, task: TrainingTask) {
        self.task = task
        settings = BaselineSettings(kind)
    }

    /// The plan for sampling and dividing the data.
    var dataPlan: DataPlan {
        DataPlan(
            task: task, sample: sample, downsample: downsample, developmentShare: developmentShare, seed: seed)
    }

    /// Checks every setting, by itself and against the task.
    ///
    /// - Throws: `TrainingError.recipe` with the option, the expected values and the value found.
    public func check() throws(TrainingError) {
        guard task != .sequenceLabelling else {
            throw .recipe(
                "--model \(settings.kind.rawValue) labels each sentence or text by itself and does not support --task sequence-labelling; pass --task \(TrainingTask.sentence.rawValue), \(TrainingTask.text.rawValue) or \(TrainingTask.multiLabelText.rawValue)."
            )
        }
        if positionFeature, task != .sentence {
            throw .recipe(
                "--position-feature needs sentences of abstracts, but the task is \(task.rawValue). "
                    + "Remove --position-feature.")
        }
        try dataPlan.check()
        try demand("--threads", threads, 1...1_024)
        switch settings {
        case .tfidfSGD(let settings): try settings.check()
        case .boostedTrees(let settings): try settings.check()
        case .gru(let settings): try settings.check()
        }
    }
}
