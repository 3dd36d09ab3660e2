internal import Checkpoint
public import Corpora
internal import Labelling
internal import Model
import Runs
import Training

/// An existing checkpoint in a comparison.
public struct FinishedCheckpoint: ComparedModel {
    /// Name of the system, which is the name of the run.
    public var system: String { run.name }
    /// The run, whose directory is the checkpoint.
    public let run: ExperimentRun
    /// Names of the labels that the checkpoint predicts.
    public let labels: Set<String>
    private let task: TrainingTask
    private let threads: Int

    /// Loads a checkpoint for a comparison.
    ///
    /// - Parameters:
    ///   - name: The name of the system.
    ///   - path: The directory of the checkpoint.
    ///   - readsAbstracts: Whether the test data are abstracts; a text classifier then labels their sentences one by one.
    ///   - threads: The number of threads.
    /// - Throws: An error if the checkpoint cannot be loaded.
    public init(name: String, path: String, readsAbstracts: Bool, threads: Int) throws {
        run = ExperimentRun(name: name, settings: [], directory: RunDirectory(path: path))
        // Load it now, so that errors are found before anything is trained.
        let labeller = try Labeller(CheckpointDirectory(path: path))
        labels = Set(labeller.labels)
        task =
            switch labeller.model.configuration.task {
            case .sequenceLabelling: .sequenceLabelling
            case .singleLabelClassification: readsAbstracts ? .sentence : .text
            case .multiLabelClassification: .multiLabelText
            }
        self.threads = threads
    }

    /// Does nothing, because the checkpoint is ready; returns `false` only if the comparison should stop.
    public func prepare(report: (ExperimentEvent) -> Void, shouldStop: () -> Bool) -> Bool { !shouldStop() }

    /// Labels the test data with the checkpoint.
    public func measure(on test: LabelledCorpus) throws -> Measurement {
        try Measurement(system: system, run: run, task: task, on: test, threads: threads)
    }
}
