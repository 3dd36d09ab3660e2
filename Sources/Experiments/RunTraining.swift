internal import Training

extension ExperimentRun {
    /// How a training ended.
    enum Ending {
        case finished
        case stopped
    }

    /// Trains to the end or until it is asked to stop, from where the run's directory has come to.
    ///
    /// - Parameters:
    ///   - job: What to do.
    ///   - savingInterval: Seconds between two savings of the state.
    ///   - report: Is told what happens.
    ///   - shouldStop: Is asked after every step and every epoch.
    /// - Returns: How it ended.
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
