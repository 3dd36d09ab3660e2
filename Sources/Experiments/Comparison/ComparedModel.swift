public import Corpora
import Training

/// A model in a comparison: it is trained first, if necessary, and then measured on the test data.
public protocol ComparedModel: Sendable {
    /// Name of the system that the model belongs to; runs with several seeds share one system.
    var system: String { get }
    /// The run, as it is tracked.
    var run: ExperimentRun { get }
    /// Names of the labels that the model predicts, or will predict once it is trained.
    var labels: Set<String> { get }

    /// Trains the model, unless it is ready to be measured.
    ///
    /// - Parameters:
    ///   - report: A closure that receives the events of the training.
    ///   - shouldStop: A closure that is called repeatedly; return `true` to stop.
    /// - Returns: Whether the model can be measured; `false` if it was stopped, in which case its progress is saved.
    /// - Throws: The error that prevents the training.
    func prepare(report: (ExperimentEvent) -> Void, shouldStop: () -> Bool) throws -> Bool

    /// Labels the test data in the same way as new data.
    ///
    /// - Parameter test: The test data, of the kind that the model is trained on.
    /// - Returns: The predictions for every sentence or text.
    /// - Throws: The error that prevents the labelling.
    func measure(on test: LabelledCorpus) throws -> Measurement
}
