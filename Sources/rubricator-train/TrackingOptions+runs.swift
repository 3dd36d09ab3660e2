import RunTracking
import Runs
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

    /// Ends runs that did not come to their end; whoever stops a command does not want to wait long.
    ///
    /// - Parameters:
    ///   - runs: The one that the others are parts of first; `nil` where nothing is tracked.
    ///   - status: Why.
    ///   - directory: Where they are written down.
    func stop(_ runs: [TrackedRun]?, as status: Run.Status, in directory: String) {
        guard let runs else { return }
        for run in runs.reversed() { run.stop(as: status) }
        wait(for: runs, in: directory, upTo: min(trackingWait, 5))
    }

    /// Waits until runs that have ended are delivered, but not longer than the command line says, and tells where they are.
    ///
    /// - Parameters:
    ///   - runs: The one that the others are parts of first.
    ///   - directory: Where they are written down.
    ///   - limit: In seconds; `nil` for the command line's.
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
                "The run is not all sent: \(missing) To send the rest:\n  rubricator-train sync \(shellWord(directory))\n"
            )
        } else if let place {
            Terminal.show("The run is tracked: \(place)\n")
        }
    }
}
