import ArgumentParser
import Console
import FoundationEssentials
import Labelling
import MLflow
import RunTracking
import Runs
import Tracking
import Training

extension TrackingOptions {
    /// The tags of every run of this program.
    static var origin: [KeyValue] {
        RunTags.origin(
            program: "rubricator-train", version: version, environment: ProcessInfo.processInfo.environment,
            directory: FileManager.default.currentDirectoryPath)
    }

    /// Begins to track a run, or resumes its tracking. Tracking never stops a command: a failure is shown as a warning.
    ///
    /// - Parameters:
    ///   - directory: The directory of the run.
    ///   - task: The task, which decides the default experiment.
    ///   - name: The run's name where the command line and the environment give none; `nil` for the directory's name.
    ///   - tags: The tags of a new run.
    ///   - resuming: Whether the command resumes the run in `directory`.
    /// - Returns: The tracked run; `nil` where tracking is off or has failed.
    func begin(
        in directory: RunDirectory, for task: TrainingTask, name: String? = nil, tags: [KeyValue], resuming: Bool
    ) -> TrackedRun? {
        guard !isOff else { return nil }
        do {
            let settings = try TrackingSettings(
                uri: trackingURI, experiment: experiment, runName: runName, directory: directory.path,
                name: name ?? directory.name, defaultExperiment: task.defaultExperiment,
                environment: ProcessInfo.processInfo.environment)
            return try TrackedRun(settings, directory: directory.path, resuming: resuming, tags: tags)
        } catch {
            Terminal.show("warning: the run is not tracked: \(error)\n")
            return nil
        }
    }

    /// Ends runs before their end. Waits only briefly for uploads, as the user has stopped the command.
    ///
    /// - Parameters:
    ///   - runs: The runs, the parent first; `nil` where nothing is tracked.
    ///   - status: The status to record.
    ///   - directory: The directory of the journal.
    func stop(_ runs: [TrackedRun]?, as status: Run.Status, in directory: String) {
        guard let runs else { return }
        for run in runs.reversed() { run.stop(as: status) }
        wait(for: runs, in: directory, upTo: min(trackingWait, 5))
    }

    /// Waits until ended runs are delivered, up to the limit of the command line, and prints where they are.
    ///
    /// - Parameters:
    ///   - runs: The runs, the parent first.
    ///   - directory: The directory of the journal.
    ///   - limit: Seconds to wait; `nil` for the limit of the command line.
    func wait(for runs: [TrackedRun], in directory: String, upTo limit: Double? = nil) {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(limit ?? trackingWait)
        let signal = StopSignal.number
        var missing: String?
        var place: String?
        for run in runs {
            let outcome = run.wait(
                upTo: max(.zero, end - clock.now), shouldStop: { StopSignal.number != signal })
            for warning in run.takeWarnings() { Terminal.show("warning: \(warning)\n") }
            switch outcome {
            case .complete(let found): place = place ?? found
            case .incomplete(let reason): missing = missing ?? reason
            }
        }
        if let missing {
            Terminal.show(
                "The run has pending uploads: \(missing) To send them:\n  rubricator-train sync \(shellWord(directory))\n"
            )
        } else if let place {
            Terminal.show("The run is tracked: \(place)\n")
        }
    }
}

extension TrainingTask {
    /// The experiment of a run where the command line and the environment name none.
    fileprivate var defaultExperiment: String {
        switch self {
        case .sequenceLabelling, .sentence: "pubmed-rct-classification"
        case .text: "text-classification"
        case .multiLabelText: "multi-label-text-classification"
        }
    }
}
