import Checkpoint
import FoundationEssentials
import Glibc
public import MLflow
import Synchronization

/// A run that is recorded in its directory and delivered to MLflow from there in the background.
///
/// No method waits for the network, except ``wait(upTo:shouldStop:)``, and failures of the delivery never reach the
/// caller. Uploads that are still pending at the end are sent when the run is resumed, or by ``Leftovers``. The points
/// of a metric must be logged in the order of their steps; points of a step that was already logged are ignored.
public final class TrackedRun: Sendable {
    /// The unique key of the run.
    public let key: String
    /// The destination of the run.
    public var destination: Destination { settings.destination }
    /// Whether the run had already finished before it was resumed.
    public let wasFinished: Bool

    private let settings: TrackingSettings
    private let paths: TrackingPaths
    private let journal: Mutex<JournalHolder>
    private let sender: RunSender

    private struct JournalHolder: ~Copyable {
        /// The journal, open until the run ends.
        var journal: Journal?
        /// The lock on the journal. The sender also holds it until it has ended.
        var lock: DirectoryLock?
        /// The error after which nothing more is recorded.
        var problem: TrackingError?
        /// The warnings that have not been returned yet.
        var warnings: [String] = []
    }

    /// Starts a run, or resumes the one in `directory`.
    ///
    /// - Parameters:
    ///   - settings: The destination, the experiment and the name of the run.
    ///   - directory: The existing directory of the run, in which `tracking/journal.jsonl` is written.
    ///   - resuming: Whether to resume the run in `directory`. If there is none, a new run starts.
    ///   - parent: The parent run in the same experiment.
    ///   - tags: The tags of a new run.
    /// - Throws: ``TrackingError`` or `MLflowError` if the run cannot be recorded.
    public init(
        _ settings: TrackingSettings, directory: String, resuming: Bool = false, parent: TrackedRun? = nil,
        tags: [KeyValue] = []
    ) throws {
        paths = TrackingPaths(directory)
        self.settings = settings
        let store = try settings.destination.store()
        try paths.prepare(resuming: resuming)
        let lock = try paths.lock()
        var journal = try Journal(path: paths.journal)
        wasFinished = journal.status == .finished
        // Determine the state before the journal grows, because new lines could hide that the journal has lost its end.
        let state = try paths.deliveryState(to: settings.destination)
        if let identity = journal.identity {
            key = identity.key
            try journal.append(.status(.running, time: Timestamp.now()))
        } else {
            key = RunKey.random()
            try journal.append(
                .begin(
                    RunIdentity(
                        key: key, experiment: settings.experiment, name: settings.runName, start: Timestamp.now(),
                        parent: parent?.key, tags: tags)))
        }
        self.journal = Mutex(JournalHolder(journal: journal, lock: lock))
        sender = RunSender(
            RunSender.Job(
                directory: paths.directory, journal: paths.journal, stateFile: paths.state, store: store,
                policy: RetryPolicy(attempts: nil), lock: lock),
            state: state)
    }

    /// Starts a child run in the same experiment, or resumes the one in `directory`.
    ///
    /// - Parameters:
    ///   - name: The name of the child run.
    ///   - directory: The directory of the child run.
    ///   - resuming: Whether to resume the run in `directory`. If there is none, a new run starts.
    ///   - tags: The tags of a new run.
    /// - Returns: The child run.
    /// - Throws: ``TrackingError`` or `MLflowError` if the run cannot be recorded.
    public func part(
        named name: String, directory: String, resuming: Bool, tags: [KeyValue] = []
    ) throws -> TrackedRun {
        var settings = settings
        settings.runName = name
        return try TrackedRun(settings, directory: directory, resuming: resuming, parent: self, tags: tags)
    }

    /// Returns the directory for the records of a child run that has no directory of its own.
    public func directory(ofPart name: String) -> String { "\(paths.parts)/\(name)" }

    deinit { sender.cancel() }

    /// Logs parameters. Values longer than MLflow accepts are truncated and end in `…`.
    public func log(params: [KeyValue]) {
        let params = params.map {
            KeyValue(LogLimits.key($0.key), LogLimits.shortened($0.value, to: LogLimits.paramValue))
        }
        for part in LogBatch.parts(params) { append(.params(part)) }
    }

    /// Logs tags. Values longer than MLflow accepts are truncated and end in `…`.
    public func log(tags: [KeyValue]) {
        let tags = tags.map { KeyValue(LogLimits.key($0.key), LogLimits.shortened($0.value, to: LogLimits.tagValue)) }
        for part in LogBatch.parts(tags) { append(.tags(part)) }
    }

    /// Logs the data sets that the run uses.
    public func log(datasets: [DatasetInput]) { append(.datasets(datasets)) }

    /// Logs metrics of one step, counted from 0.
    public func log(metrics: [(key: String, value: Double)], step: Int) {
        let time = Timestamp.now()
        let points = metrics.map { Metric(key: LogLimits.key($0.key), value: $0.value, timestamp: time, step: step) }
        for part in LogBatch.parts(points) { append(.metrics(part)) }
    }

    /// Logs bytes as an artifact. They are also kept in the run's directory.
    ///
    /// - Parameters:
    ///   - bytes: The content of the file.
    ///   - path: The path among the artifacts, such as `val/predictions.csv`.
    public func log(artifact bytes: [UInt8], as path: String) {
        do {
            try FileCopy.write(bytes, to: "\(paths.artifacts)/\(path)")
            append(.artifact(path: path, file: "\(TrackingPaths.artifactsName)/\(path)"))
        } catch {
            journal.withLock { $0.warnings.append("\(path) cannot be logged as an artifact: \(error)") }
        }
    }

    /// Logs a file in the run's directory as an artifact.
    ///
    /// - Parameters:
    ///   - file: The path of the file relative to the run's directory. The file must not change until it is delivered.
    ///   - path: The path among the artifacts.
    public func log(file: String, as path: String) { append(.artifact(path: path, file: file)) }

    /// Logs the trained checkpoint.
    public func log(model: TrackedModel) { append(.model(model)) }

    /// Returns the logged points of some metrics, in the order of `keys`. Metrics without points are omitted.
    public func points(of keys: [String]) -> [(key: String, points: [Metric])] {
        var found: [String: [Metric]] = [:]
        var reader = JournalReader(path: paths.journal)
        while let record = try? reader.next() {
            guard case .metrics(let metrics) = record.entry else { continue }
            for metric in metrics where keys.contains(metric.key) { found[metric.key, default: []].append(metric) }
        }
        return keys.compactMap { key in found[key].map { (key, $0) } }
    }

    /// Logs the status of the run.
    public func log(status: Run.Status) { append(.status(status, time: Timestamp.now())) }

    /// Waits until everything logged so far is on disk.
    public func synchronise() { journal.withLock { $0.journal?.synchronise() } }

    /// Ends the run, which may be resumed later. A run that has already ended keeps its status.
    public func finish(_ status: Run.Status) {
        log(status: status)
        synchronise()
        journal.withLock {
            $0.journal = nil
            $0.lock = nil
        }
        sender.close()
    }

    /// Ends the run early, unless it has already ended. A run that had finished before it was resumed stays finished.
    public func stop(as status: Run.Status) { finish(wasFinished ? .finished : status) }

    /// Waits until everything is delivered.
    ///
    /// - Parameters:
    ///   - limit: The longest time to wait.
    ///   - shouldStop: A closure that is called several times per second; return `true` to stop waiting.
    /// - Returns: The location of the run, or the reason that uploads are pending.
    public func wait(upTo limit: Duration, shouldStop: () -> Bool = { false }) -> DeliveryOutcome {
        sender.wait(upTo: limit, shouldStop: shouldStop, destination: destination)
    }

    /// Returns all warnings, each once.
    public func takeWarnings() -> [String] {
        let warnings = journal.withLock { holder in
            defer { holder.warnings = [] }
            return holder.warnings
        }
        return sender.takeWarnings() + warnings
    }

    private func append(_ entry: JournalEntry) {
        journal.withLock { holder in
            guard holder.problem == nil else { return }
            do throws(TrackingError) {
                try holder.journal?.append(entry)
            } catch {
                holder.problem = error
                holder.warnings.append("\(error) Nothing more is recorded; training continues.")
            }
        }
    }
}
