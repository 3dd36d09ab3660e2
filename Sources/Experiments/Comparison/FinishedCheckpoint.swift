internal import Checkpoint
internal import Labelling
internal import Model
public import Training

/// A checkpoint that there is already.
public struct FinishedCheckpoint: ComparedModel {
    /// Its name.
    public var system: String { run.name }
    /// Where it is.
    public let run: ExperimentRun
    /// The names of the labels it gives.
    public let labels: Set<String>
    private let task: TrainingTask
    private let threads: Int

    /// A checkpoint.
    ///
    /// - Parameters:
    ///   - name: What it is compared as.
    ///   - path: Its directory.
    ///   - readsAbstracts: Whether the test data are abstracts: a classifier of texts is then given their sentences.
    ///   - threads: Threads that share the arithmetic.
    /// - Throws: An error of the checkpoint.
    public init(name: String, path: String, readsAbstracts: Bool, threads: Int) throws {
        run = ExperimentRun(name: name, settings: [], directory: RunDirectory(path: path))
        // Loaded now, so that what is wrong with it is found before anything is trained.
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

    /// Nothing is left to do.
    public func prepare(report: (ExperimentEvent) -> Void, shouldStop: () -> Bool) -> Bool { !shouldStop() }

    /// Labels the test data with the checkpoint.
    public func measure(on test: LabelledCorpus) throws -> Measurement {
        try Measurement(system: system, run: run, task: task, on: test, threads: threads)
    }
}
