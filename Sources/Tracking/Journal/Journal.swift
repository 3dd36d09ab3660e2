import Checkpoint
import Glibc
import JSON
package import MLflow

/// The append-only file in which a run is recorded for a tracking store, with one entry per line.
///
/// Each line is written by one `write(2)`, so it survives the death of the process. Call ``synchronise()`` to make it
/// survive a power failure. An incomplete last line does not count and is removed when the journal is opened again.
package struct Journal: ~Copyable {
    /// The path of the file.
    package let path: String
    private let descriptor: Int32
    private var size: Int
    private var position: JournalPosition

    /// Opens a journal, or creates an empty one.
    ///
    /// - Throws: ``TrackingError/journal(path:reason:)`` if the file cannot be opened or a line is damaged.
    package init(path: String) throws(TrackingError) {
        let opened = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw .journal(path: path, reason: FileFailure.reason(errno)) }
        var found = JournalPosition()
        var reader = JournalReader(path: path)
        do throws(TrackingError) {
            while let record = try reader.next() { found.advance(over: record.entry) }
            guard ftruncate(opened, off_t(reader.offset)) == 0 else {
                throw .journal(path: path, reason: FileFailure.reason(errno))
            }
        } catch {
            close(opened)
            throw error
        }
        self.path = path
        descriptor = opened
        size = reader.offset
        position = found
    }

    deinit { close(descriptor) }

    /// The identity of the run; `nil` if the journal is empty.
    package var identity: RunIdentity? { position.identity }

    /// The last recorded status of the run; `nil` if there is none.
    package var status: Run.Status? { position.status }

    /// Appends an entry, without the parameters, data sets and points that the journal already has; see
    /// ``JournalPosition/new(_:)``.
    ///
    /// - Throws: ``TrackingError/journal(path:reason:)`` if the entry cannot be written. The journal is then unchanged.
    package mutating func append(_ entry: JournalEntry) throws(TrackingError) {
        var entry = entry
        switch entry {
        case .metrics(let points):
            let new = position.new(points)
            if new.isEmpty { return }
            entry = .metrics(new)
        case .params(let params):
            var keys: Set<String> = []
            let new = params.filter { !position.has($0) && keys.insert($0.key).inserted }
            if new.isEmpty { return }
            entry = .params(new)
        case .datasets(let datasets):
            let new = datasets.filter { !position.has($0) }
            if new.isEmpty { return }
            entry = .datasets(new)
        default: break
        }
        let line = entry.line + [UInt8(ascii: "\n")]
        let written = unsafe line.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard written == line.count else {
            let reason = written < 0 ? FileFailure.reason(errno) : "the disk is full"
            // A partial line would damage the next one.
            _ = ftruncate(descriptor, off_t(size))
            throw .journal(path: path, reason: reason)
        }
        size += line.count
        position.advance(over: entry)
    }

    /// Waits until all entries are on disk.
    package func synchronise() { fsync(descriptor) }
}

/// A summary of a journal's content: the run, its status, its parameters and data sets, and the last step of every
/// metric.
struct JournalPosition: Sendable {
    private(set) var identity: RunIdentity?
    private(set) var status: Run.Status?
    private var steps: [String: Int] = [:]
    private var params: Set<String> = []
    private var datasets: Set<[String]> = []

    /// Adds an entry to the summary.
    mutating func advance(over entry: JournalEntry) {
        switch entry {
        case .begin(let identity): self.identity = identity
        case .metrics(let points): for point in points { steps[point.key] = max(steps[point.key] ?? .min, point.step) }
        case .params(let params): self.params.formUnion(params.map(\.key))
        case .datasets(let datasets): self.datasets.formUnion(datasets.map { [$0.name, $0.digest] })
        case .status(let status, _): self.status = status
        default: break
        }
    }

    /// Returns whether a parameter was recorded already. A parameter cannot be changed.
    func has(_ param: KeyValue) -> Bool { params.contains(param.key) }

    /// Returns whether a data set was recorded already. Stores identify a data set by its name and digest.
    func has(_ dataset: DatasetInput) -> Bool { datasets.contains([dataset.name, dataset.digest]) }

    /// Returns the points beyond the last step of their metric.
    ///
    /// A run that was killed and resumes from an older state repeats some steps. The repeated points are equal, and a
    /// store may already have them and cannot remove them. Therefore only the first ones are kept.
    func new(_ points: [Metric]) -> [Metric] {
        points.filter { $0.step > steps[$0.key] ?? .min }
    }
}
