public import Evaluation
internal import Labelling
public import Training

/// What one run of a system made of the test data.
public struct Measurement: Sendable {
    /// What it is compared as; runs of one system, such as those of several seeds, share it.
    public let system: String
    /// The run's own name.
    public let run: String
    /// What it made of them.
    public let evaluation: ModelEvaluation
    /// Its predictions: of sentences by their abstract and place, or of texts.
    public let predictions: Predictions
    /// What labelling took of all processors.
    public let processorSeconds: Double

    /// A measurement.
    ///
    /// - Parameters:
    ///   - system: What it is compared as.
    ///   - run: The run's own name.
    ///   - evaluation: What it made of the test data.
    ///   - task: What the run was trained to do: of `sentence` the ids `a#3` are read as the third sentence of abstract `a`, so
    ///     that it can be compared with `sequence-labelling`.
    ///   - processorSeconds: What labelling took of all processors.
    public init(
        system: String, run: String, evaluation: ModelEvaluation, task: TrainingTask, processorSeconds: Double = 0
    ) {
        self.system = system
        self.run = run
        self.evaluation = evaluation
        self.processorSeconds = processorSeconds
        var placed = evaluation.predictions
        if task == .sentence {
            for index in placed.items.indices { placed.items[index].placeInAbstract() }
        }
        self.predictions = placed
    }
}

extension Prediction {
    /// The abstract and the sentence's place in it, from an id as `TrainingText.sentences(of:)` makes it.
    fileprivate mutating func placeInAbstract() {
        guard sentence == nil, let mark = id.lastIndex(of: "#"), let number = Int(id[id.index(after: mark)...]),
            number > 0
        else { return }
        sentence = number - 1
        id = String(id[..<mark])
    }
}
