internal import Checkpoint
internal import Evaluation
internal import Labelling
internal import Training

extension Measurement {
    /// Loads a run's checkpoint as serving does and has it label the test data, with the thresholds it came with.
    init(system: String, run: ExperimentRun, task: TrainingTask, on test: LabelledCorpus, threads: Int) throws {
        let engine = Engine(try Labeller(CheckpointDirectory(path: run.directory.path)), threads: threads)
        let before = ProcessorTime.ofProcess
        let evaluation = try ModelEvaluation(test, task: task, engine: engine)
        self.init(
            system: system, run: run.name, evaluation: evaluation, task: task,
            processorSeconds: ProcessorTime.ofProcess - before)
    }
}
