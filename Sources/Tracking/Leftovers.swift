import FoundationEssentials
import MLflow

/// A recorded run whose uploads may be pending. `rubricator-train sync` completes it.
public struct Leftovers: Sendable {
    /// The directory of the run.
    public let directory: String
    private let paths: TrackingPaths

    /// Returns the runs in a directory and its subdirectories. Parents come before their child runs.
    ///
    /// - Throws: ``TrackingError/setting(_:)`` if there are none.
    public static func find(in directory: String) throws(TrackingError) -> [Leftovers] {
        let below = (try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []
        let suffix = "/" + TrackingPaths.journalName
        let found = below.filter { $0 == TrackingPaths.journalName || $0.hasSuffix(suffix) }
            .map { $0 == TrackingPaths.journalName ? directory : "\(directory)/\($0.dropLast(suffix.utf8.count))" }
        guard !found.isEmpty else {
            throw .setting(
                "\(directory) holds no tracked run: there is no \(TrackingPaths.journalName) in it or its subdirectories. Pass the --out directory of a run."
            )
        }
        return found.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }.map(Leftovers.init)
    }

    private init(_ directory: String) {
        self.directory = directory
        paths = TrackingPaths(directory)
    }

    /// Sends the pending uploads.
    ///
    /// - Parameters:
    ///   - uri: The destination; `nil` for the destination of the original run.
    ///   - environment: The environment variables, which may hold credentials for a server.
    ///   - attempts: The largest number of attempts for each request.
    ///   - shouldStop: A closure that is called several times per second; return `true` to stop.
    /// - Returns: The location of the run, or the reason that uploads are still pending.
    /// - Throws: ``TrackingError`` or `MLflowError` if the destination or the files of the run cannot be used.
    public func deliver(
        to uri: String?, environment: [String: String], attempts: Int = 6, shouldStop: () -> Bool = { false }
    ) throws -> DeliveryOutcome {
        guard let uri = uri ?? DeliveryState.read(paths.state)?.destination else {
            throw TrackingError.setting(
                "\(paths.state) does not contain the destination of the run. Pass --tracking-uri.")
        }
        let destination = try Destination(uri: uri, environment: environment)
        let store = try destination.store()
        let lock = try paths.lock()
        let sender = RunSender(
            RunSender.Job(
                directory: directory, journal: paths.journal, stateFile: paths.state, store: store,
                policy: RetryPolicy(attempts: attempts), lock: lock),
            state: try paths.deliveryState(to: destination))
        sender.close()
        defer { sender.cancel() }
        return sender.wait(upTo: .seconds(86_400), shouldStop: shouldStop, destination: destination)
    }
}
