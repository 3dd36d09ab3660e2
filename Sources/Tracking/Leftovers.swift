import FoundationEssentials
import MLflow

/// A run whose journal is there, and perhaps not all delivered: what `rubricator-train sync` works on.
public struct Leftovers: Sendable {
    /// The run's directory.
    public let directory: String
    private let paths: TrackingPaths

    /// The runs in a directory and those below it, the outer ones first: a run is there before those that are a part of it.
    ///
    /// - Throws: ``TrackingError/setting(_:)`` where there are none.
    public static func find(in directory: String) throws(TrackingError) -> [Leftovers] {
        let below = (try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []
        let suffix = "/" + TrackingPaths.journalName
        let found = below.filter { $0 == TrackingPaths.journalName || $0.hasSuffix(suffix) }
            .map { $0 == TrackingPaths.journalName ? directory : "\(directory)/\($0.dropLast(suffix.utf8.count))" }
        guard !found.isEmpty else {
            throw .setting(
                "\(directory) holds no tracked run: there is no \(TrackingPaths.journalName) in it or below it. Give the --out of a run."
            )
        }
        return found.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }.map(Leftovers.init)
    }

    private init(_ directory: String) {
        self.directory = directory
        paths = TrackingPaths(directory)
    }

    /// Delivers what is missing.
    ///
    /// - Parameters:
    ///   - uri: Where to; `nil` for where the run was to be sent.
    ///   - environment: Where a server's credentials are taken from.
    ///   - attempts: The most tries of one request.
    ///   - shouldStop: Is asked several times a second.
    /// - Returns: Where the run is, or why not all of it is there.
    /// - Throws: ``TrackingError`` or `MLflowError`
    public func deliver(
        to uri: String?, environment: [String: String], attempts: Int = 6, shouldStop: () -> Bool = { false }
    ) throws -> DeliveryOutcome {
        guard let uri = uri ?? DeliveryState.read(paths.state)?.destination else {
            throw TrackingError.setting("\(paths.state) does not say where the run is to be sent. Give --tracking-uri.")
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
