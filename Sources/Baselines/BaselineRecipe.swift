public import Training

/// Every choice that decides what a baseline learns: the same recipe, data and program give the same bytes.
public struct BaselineRecipe: Sendable, Codable, Equatable {
    /// What it is to do.
    public var task: TrainingTask
    /// The model and what it has to choose.
    public var settings: BaselineSettings
    /// Whether a sentence is also told by its place in the abstract.
    public var positionFeature = false
    /// Cut the training texts to as many of every label as the rarest has.
    public var downsample = false
    /// Train on so many abstracts or texts, drawn at random; `nil` for all.
    public var sample: Int?
    /// The share of the training data that is set apart for development where no development data are given.
    public var developmentShare = 0.1
    /// Decides everything random.
    public var seed: UInt64 = 1
    /// Threads that share the arithmetic; another number may round differently.
    public var threads = 1
    /// What the best epoch is best by on the development data.
    public var figure = Recipe.Figure.microF1

    /// The usual recipe of a kind.
    public init(_ kind: BaselineKind, task: TrainingTask) {
        self.task = task
        settings = BaselineSettings(kind)
    }

    /// The part of a transformer's recipe that says how data are drawn.
    var sampling: Recipe {
        var recipe = Recipe(task: task)
        recipe.downsample = downsample
        recipe.sample = sample
        recipe.developmentShare = developmentShare
        recipe.seed = seed
        recipe.threads = threads
        return recipe
    }

    /// Checks every setting on its own and against the task.
    ///
    /// - Throws: `TrainingError.recipe` naming the option, what was expected and what was found.
    public func check() throws(TrainingError) {
        guard task != .sequenceLabelling else {
            throw .recipe(
                "--model \(settings.kind.rawValue) labels every sentence or text alone; give --task \(TrainingTask.sentence.rawValue), \(TrainingTask.text.rawValue) or \(TrainingTask.multiLabelText.rawValue)."
            )
        }
        if positionFeature, task != .sentence {
            throw .recipe(
                "--position-feature needs sentences of abstracts; the task is \(task.rawValue). Leave it out.")
        }
        try sampling.check()
        switch settings {
        case .tfidfSGD(let settings): try settings.check()
        case .boostedTrees(let settings): try settings.check()
        case .gru(let settings): try settings.check()
        }
    }
}
