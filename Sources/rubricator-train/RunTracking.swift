import ArgumentParser
import Checkpoint
import Console
import FoundationEssentials
import Labelling
import MLflow
import Model
import Tracking
import Training

/// The tracker of one `fit`, which never stops it: what goes wrong is shown and training goes on.
struct RunTracking {
    private let tracker: TrainingTracker
    private let options: TrackingOptions
    private let directory: String
    private let tags: [KeyValue]

    /// Begins to track, or goes on; `nil` where that is off or cannot be done.
    init?(_ options: TrackingOptions, job: TrainingJob, directory: RunDirectory, resuming: Bool) {
        guard !options.isOff else { return nil }
        let environment = ProcessInfo.processInfo.environment
        tags = RunTags.tags(
            data: job.data, program: "rubricator-train", version: version, environment: environment,
            directory: FileManager.default.currentDirectoryPath)
        do {
            let settings = try TrackingSettings(
                uri: options.trackingURI, experiment: options.experiment, runName: options.runName,
                directory: directory.path, name: job.configuration.name ?? directory.name, environment: environment)
            let run = try TrackedRun(settings, directory: directory.path, resuming: resuming, tags: tags)
            tracker = TrainingTracker(run, job: job, directory: directory)
        } catch {
            Terminal.show("warning: this run is not tracked: \(error)\n")
            return nil
        }
        self.options = options
        self.directory = directory.path
    }

    /// Writes down an event.
    func record(_ event: TrainingEvent) { tracker.record(event) }

    /// What a person should know, once.
    func takeWarnings() -> [String] { tracker.run.takeWarnings() }

    /// Ends a run that finished.
    func finish(_ results: TrainingResults) {
        let warning = tracker.finish(
            results, environment: tags, registered: options.register, aliases: options.alias)
        if let warning { Terminal.show("warning: \(warning)\n") }
        wait(upTo: options.trackingWait)
    }

    /// Ends a run that was stopped or failed.
    func finish(_ status: Run.Status) {
        tracker.run.finish(status)
        // Whoever stops a run does not want to wait.
        wait(upTo: min(options.trackingWait, 5))
    }

    private func wait(upTo seconds: Double) {
        let signal = StopSignal.number
        let outcome = tracker.run.wait(upTo: .seconds(seconds), shouldStop: { StopSignal.number != signal })
        for warning in takeWarnings() { Terminal.show("warning: \(warning)\n") }
        switch outcome {
        case .complete(let place): Terminal.show("The run is tracked: \(place)\n")
        case .incomplete(let reason):
            Terminal.show(
                "The run is not all sent: \(reason) To send the rest:\n  rubricator-train sync \(shellWord(directory))\n"
            )
        }
    }
}
