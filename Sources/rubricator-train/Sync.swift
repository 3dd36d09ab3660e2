import ArgumentParser
import Console
import FoundationEssentials
import Tracking

struct Sync: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sends to MLflow what a broken network left behind, exactly once.",
        discussion: """
            Everything that a run has to tell is in its directory. What the server has acknowledged is not sent again, and what \
            it may have without acknowledging it is asked for first. With another --tracking-uri the whole run is sent there, \
            so that one recorded in a folder comes to a server.
            """)

    @Option(
        name: .customLong("tracking-uri"),
        help: ArgumentHelp(
            "An MLflow server, http(s)://…, or a folder (default: where each run was to be sent). MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, are sent along.",
            valueName: "uri"))
    var trackingURI: String?

    @Argument(help: "Directories of runs: each --out, or one that holds several.")
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

    /// Sends a run: what is wrong with it is its own, and the others are sent all the same.
    ///
    /// - Returns: Whether all of it is there.
    private func send(_ run: Leftovers) -> Bool {
        do {
            let outcome = try run.deliver(
                to: trackingURI, environment: ProcessInfo.processInfo.environment,
                shouldStop: { StopSignal.number != nil })
            switch outcome {
            case .complete(let place):
                Terminal.print(line: "\(run.directory): \(place)")
                return true
            case .incomplete(let reason): Terminal.complain("\(run.directory) is not all sent: \(reason)")
            }
        } catch {
            Terminal.complain("\(run.directory) is not sent: \(error)")
        }
        return false
    }
}
