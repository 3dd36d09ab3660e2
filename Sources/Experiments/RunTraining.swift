internal import Training

extension ExperimentRun {
    /// The way in which a training ended.
    enum Ending {
        case finished
        case stopped
    }

    /// Trains until the end or until it is stopped, starting from the progress in the run's directory.
    ///
    /// - Parameters:
    ///   - job: The training job.
    ///   - savingInterval: The number of seconds between saves of the training state.
    ///   - report: A closure that receives the events of the run.
    ///   - shouldStop: A closure that is called after every step and epoch; return `true` to stop.
    /// - Returns: The way in which the training ended.
    /// - Throws: An error of the trainer.
    func train(
        _ job: TrainingJob, savingInterval: Double, report: (ExperimentEvent) -> Void, shouldStop: () -> Bool
    ) throws -> Ending {
        var resuming = false
        switch try directory.progress(of: job) {
        case .finished(let history, let best):
            report(.finished(self, try directory.finishedTraining(of: job, history: history, best: best)))
            return .finished
        case .unfinished: resuming = true
        case .none: break
        }
        report(.began(self, job, resuming: resuming))
        let trainer = try Trainer(job, directory: directory, resuming: resuming)
        trainer.savingInterval = savingInterval
        switch try trainer.run(report: { report(.training(self, $0)) }, shouldStop: shouldStop) {
        case .finished(let training):
            report(.finished(self, training))
            return .finished
        case .stopped:
            report(.paused(self))
            return .stopped
        }
    }
}
