internal import Checkpoint
internal import Evaluation
internal import Labelling
internal import Training

extension Measurement {
    /// Loads a run's checkpoint as serving does and has it label the test data, with the thresholds it came with.
    init(system: String, run: ExperimentRun, task: TrainingTask, on test: LabelledCorpus, threads: Int) throws {
        let labeller = try Labeller(CheckpointDirectory(path: run.directory.path))
        var predictions = try CheckpointEvaluation(test, task: task, engine: Engine(labeller, threads: threads))
            .predictions
        // The evaluation's own thresholds are the best for these very texts, which no user would know.
        if !predictions.areExclusive { predictions = predictions.deciding(by: labeller.thresholds) }
        self.init(system: system, run: run.name, predictions: predictions, task: task)
    }
}
