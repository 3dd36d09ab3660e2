internal import Checkpoint
import Corpora
internal import Evaluation
internal import Labelling
import Runs
internal import Training

extension Measurement {
    /// Loads the checkpoint of a run as the service does, and labels the test data with it, using its own thresholds.
    init(system: String, run: ExperimentRun, task: TrainingTask, on test: LabelledCorpus, threads: Int) throws {
        let engine = Engine(try Labeller(CheckpointDirectory(path: run.directory.path)), threads: threads)
        let before = ProcessorTime.ofProcess
        let evaluation = try ModelEvaluation(test, task: task, engine: engine)
        self.init(
            system: system, run: run.name, evaluation: evaluation, task: task,
            processorSeconds: ProcessorTime.ofProcess - before)
    }
}
