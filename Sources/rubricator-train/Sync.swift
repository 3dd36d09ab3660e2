import ArgumentParser
import Console
import FoundationEssentials
import Tracking

struct Sync: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send pending uploads of runs to MLflow, exactly once.",
        discussion: """
            The directory of a run holds everything that was recorded. The program sends only what the server has not \
            acknowledged, and first asks the server for records that may have arrived without an acknowledgement. With another \
            --tracking-uri it sends the whole run there; this copies a run from a folder to a server.
            """)

    @Option(
        name: .customLong("tracking-uri"),
        help: ArgumentHelp(
            "MLflow server (http or https) or folder (default: the destination of each run). Credentials: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.",
            valueName: "uri"))
    var trackingURI: String?

    @Argument(help: "Directories of runs (--out), or directories that contain them.")
    var directories: [String]

    func run() throws {
        var isComplete = true
        StopSignal.install()
        for directory in directories {
            do throws(TrackingError) {
                for run in try Leftovers.find(in: directory) where !send(run) { isComplete = false }
            } catch {
                isComplete = false
                Terminal.complain("\(error)")
            }
        }
        if let number = StopSignal.number { throw ExitCode(128 + number) }
        if !isComplete { throw ExitCode.tracking }
    }

    /// Sends the pending uploads of a run. A failure does not stop the uploads of other runs.
    ///
    /// - Returns: Whether the run is complete at its destination.
    private func send(_ run: Leftovers) -> Bool {
        do {
            let outcome = try run.deliver(
                to: trackingURI, environment: ProcessInfo.processInfo.environment,
                shouldStop: { StopSignal.number != nil })
            switch outcome {
            case .complete(let place):
                Terminal.print(line: "\(run.directory): \(place)")
                return true
            case .incomplete(let reason): Terminal.complain("\(run.directory) has pending uploads: \(reason)")
            }
        } catch {
            Terminal.complain("\(run.directory) cannot be sent: \(error)")
        }
        return false
    }
}
