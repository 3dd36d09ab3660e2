public import Evaluation
internal import Labelling
public import Runs
public import Training

/// The predictions of one run of a system on the test data.
public struct Measurement: Sendable {
    /// Name of the system; runs with several seeds share one system.
    public let system: String
    /// Name of the run.
    public let run: String
    /// Evaluation on the test data.
    public let evaluation: ModelEvaluation
    /// Predictions: for sentences identified by abstract and position, or for texts.
    public let predictions: Predictions
    /// Processor time of labelling over all threads, in seconds.
    public let processorSeconds: Double

    /// Creates a measurement.
    ///
    /// - Parameters:
    ///   - system: The name of the system.
    ///   - run: The name of the run.
    ///   - evaluation: The evaluation on the test data.
    ///   - task: The task of the run; for `sentence`, an id such as `a#3` is read as the third sentence of abstract `a`, so
    ///     that the run can be compared with `sequence-labelling`.
    ///   - processorSeconds: The processor time of labelling over all threads, in seconds.
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
    /// Splits an id that `TrainingText.sentences(of:)` made into the abstract's id and the sentence's index.
    fileprivate mutating func placeInAbstract() {
        guard sentence == nil, let mark = id.lastIndex(of: "#"), let number = Int(id[id.index(after: mark)...]),
            number > 0
        else { return }
        sentence = number - 1
        id = String(id[..<mark])
    }
}
