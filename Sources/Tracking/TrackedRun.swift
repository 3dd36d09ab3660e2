import Checkpoint
import FoundationEssentials
import Glibc
public import MLflow
import Synchronization

/// A run that is written down in its directory, and delivered to MLflow from there in the background.
///
/// Nothing here waits for a network, and no failure of it reaches the caller: what cannot be delivered is delivered later, by
/// the same run when it goes on or by ``Leftovers``. All points of one metric must come in the order of their steps:
/// of a step that was logged already nothing is logged again.
public final class TrackedRun: Sendable {
    /// What the run is found again by.
    public let key: String
    /// Where it is sent.
    public var destination: Destination { settings.destination }
    /// Whether it was finished before it was gone on with.
    public let wasFinished: Bool

    private let settings: TrackingSettings
    private let paths: TrackingPaths
    private let journal: Mutex<JournalHolder>
    private let sender: RunSender

    private struct JournalHolder: ~Copyable {
        /// Open until the run has ended.
        var journal: Journal?
        /// Held until then, and until the sender has ended too.
        var lock: DirectoryLock?
        /// Why nothing more is written down.
        var problem: TrackingError?
        /// What is not told yet.
        var warnings: [String] = []
    }

    /// Begins a run, or goes on with the one in `directory`.
    ///
    /// - Parameters:
    ///   - settings: Where to, and as what.
    ///   - directory: The run's, which exists. The journal is `tracking/journal.jsonl` in it.
    ///   - resuming: Whether to go on with the run there; where there is none, a new one begins.
    ///   - parent: The run that this one is a part of, of the same experiment.
    ///   - tags: What a new run begins with.
    /// - Throws: ``TrackingError`` or `MLflowError` where nothing can be written down.
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
        // Before the journal grows: what it lost could be filled by other lines.
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

    /// Begins a run that is a part of this one, of the same experiment, or goes on with the one in `directory`.
    ///
    /// - Parameters:
    ///   - name: The part's.
    ///   - directory: The part's.
    ///   - resuming: Whether to go on with the run there; where there is none, a new one begins.
    ///   - tags: What a new run begins with.
    /// - Returns: The part.
    /// - Throws: ``TrackingError`` or `MLflowError` where nothing can be written down.
    public func part(
        named name: String, directory: String, resuming: Bool, tags: [KeyValue] = []
    ) throws -> TrackedRun {
        var settings = settings
        settings.runName = name
        return try TrackedRun(settings, directory: directory, resuming: resuming, parent: self, tags: tags)
    }

    /// Where a part that has no directory of its own is written down.
    public func directory(ofPart name: String) -> String { "\(paths.parts)/\(name)" }

    deinit { sender.cancel() }

    /// Logs settings. Values longer than MLflow takes are cut, and marked by `…`.
    public func log(params: [KeyValue]) {
        let params = params.map {
            KeyValue(LogLimits.key($0.key), LogLimits.shortened($0.value, to: LogLimits.paramValue))
        }
        for part in LogBatch.parts(params) { append(.params(part)) }
    }

    /// Logs tags. Values longer than MLflow takes are cut, and marked by `…`.
    public func log(tags: [KeyValue]) {
        let tags = tags.map { KeyValue(LogLimits.key($0.key), LogLimits.shortened($0.value, to: LogLimits.tagValue)) }
        for part in LogBatch.parts(tags) { append(.tags(part)) }
    }

    /// Logs what data the run uses.
    public func log(datasets: [DatasetInput]) { append(.datasets(datasets)) }

    /// Logs points of one step, from 0.
    public func log(metrics: [(key: String, value: Double)], step: Int) {
        let time = Timestamp.now()
        let points = metrics.map { Metric(key: LogLimits.key($0.key), value: $0.value, timestamp: time, step: step) }
        for part in LogBatch.parts(points) { append(.metrics(part)) }
    }

    /// Logs bytes as an artifact; they are kept in the run's directory.
    ///
    /// - Parameters:
    ///   - bytes: The file's content.
    ///   - path: Such as `val/predictions.csv`.
    public func log(artifact bytes: [UInt8], as path: String) {
        do {
            try FileCopy.write(bytes, to: "\(paths.artifacts)/\(path)")
            append(.artifact(path: path, file: "\(TrackingPaths.artifactsName)/\(path)"))
        } catch {
            journal.withLock { $0.warnings.append("\(path) is not among the run's artifacts: \(error)") }
        }
    }

    /// Logs a file of the run's directory as an artifact.
    ///
    /// - Parameters:
    ///   - file: Its path below the run's directory. It must stay as it is until it is delivered.
    ///   - path: What it is called among the artifacts.
    public func log(file: String, as path: String) { append(.artifact(path: path, file: file)) }

    /// Logs the trained checkpoint.
    public func log(model: TrackedModel) { append(.model(model)) }

    /// The points of some metrics as they were logged, in the order of `keys`; a metric without points is left out.
    public func points(of keys: [String]) -> [(key: String, points: [Metric])] {
        var found: [String: [Metric]] = [:]
        var reader = JournalReader(path: paths.journal)
        while let record = try? reader.next() {
            guard case .metrics(let metrics) = record.entry else { continue }
            for metric in metrics where keys.contains(metric.key) { found[metric.key, default: []].append(metric) }
        }
        return keys.compactMap { key in found[key].map { (key, $0) } }
    }

    /// Says how the run stands.
    public func log(status: Run.Status) { append(.status(status, time: Timestamp.now())) }

    /// Waits until what was logged is on the disk.
    public func synchronise() { journal.withLock { $0.journal?.synchronise() } }

    /// Ends the run, for now: a run that was stopped can go on. What ended already stays as it ended.
    public func finish(_ status: Run.Status) {
        log(status: status)
        synchronise()
        journal.withLock {
            $0.journal = nil
            $0.lock = nil
        }
        sender.close()
    }

    /// Ends the run before its time, unless it has ended; one that was finished before it was gone on with stays finished.
    public func stop(as status: Run.Status) { finish(wasFinished ? .finished : status) }

    /// Waits until everything is delivered.
    ///
    /// - Parameters:
    ///   - limit: How long at most.
    ///   - shouldStop: Is asked several times a second.
    /// - Returns: Where the run is, or why not all of it is there.
    public func wait(upTo limit: Duration, shouldStop: () -> Bool = { false }) -> DeliveryOutcome {
        sender.wait(upTo: limit, shouldStop: shouldStop, destination: destination)
    }

    /// What a person should know, once.
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
                holder.warnings.append("\(error) Nothing more is written down; training goes on without.")
            }
        }
    }
}
