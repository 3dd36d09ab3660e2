import ArgumentParser
import Console
import FoundationEssentials
import Labelling
import MLflow
import Tracking
import Training

extension TrackingOptions {
    /// What every run of this program is tagged with.
    static var origin: [KeyValue] {
        RunTags.origin(
            program: "rubricator-train", version: version, environment: ProcessInfo.processInfo.environment,
            directory: FileManager.default.currentDirectoryPath)
    }

    /// Begins to track a run, or goes on; tracking never stops a command, so what goes wrong is shown.
    ///
    /// - Parameters:
    ///   - directory: The run's.
    ///   - name: The run's, where the command line and the environment give none; `nil` for the directory's.
    ///   - tags: What a new run begins with.
    ///   - resuming: Whether the command goes on with what is in `directory`.
    /// - Returns: `nil` where tracking is off or cannot be done.
    func begin(in directory: RunDirectory, name: String? = nil, tags: [KeyValue], resuming: Bool) -> TrackedRun? {
        guard !isOff else { return nil }
        do {
            let settings = try TrackingSettings(
                uri: trackingURI, experiment: experiment, runName: runName, directory: directory.path,
                name: name ?? directory.name, environment: ProcessInfo.processInfo.environment)
            return try TrackedRun(settings, directory: directory.path, resuming: resuming, tags: tags)
        } catch {
            Terminal.show("warning: this run is not tracked: \(error)\n")
            return nil
        }
    }

    /// Waits until runs that have ended are delivered, but not longer than the command line says, and tells where they are.
    ///
    /// - Parameters:
    ///   - runs: The one that the others are parts of first.
    ///   - directory: Where they are written down.
    ///   - isStopped: Whether the command was stopped or failed: whoever stops it does not want to wait.
    func wait(for runs: [TrackedRun], in directory: String, isStopped: Bool = false) {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(isStopped ? min(trackingWait, 5) : trackingWait)
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
                "The run is not all sent: \(missing) To send the rest:\n  rubricator-train sync \(shellWord(directory))\n"
            )
        } else if let place {
            Terminal.show("The run is tracked: \(place)\n")
        }
    }
}
