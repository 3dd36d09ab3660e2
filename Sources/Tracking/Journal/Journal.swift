import Glibc
import JSON
package import MLflow

/// The file a run writes down for a tracker, a line for every entry, that is only ever added to.
/// Each line is one `write(2)`, so it survives the death of the process; ``synchronise()`` makes it survive the machine's. A
/// last line that was cut off is no entry, and is removed when the journal is opened to go on.
package struct Journal: ~Copyable {
    /// The file.
    package let path: String
    private let descriptor: Int32
    private var size: Int
    private var position: JournalPosition

    /// Begins a journal, or goes on with the one that is there.
    ///
    /// - Throws: ``TrackingError/journal(path:reason:)``
    package init(path: String) throws(TrackingError) {
        let opened = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw .journal(path: path, reason: TrackingError.reason(errno)) }
        var found = JournalPosition()
        var reader = JournalReader(path: path)
        do throws(TrackingError) {
            while let record = try reader.next() { found.advance(over: record.entry) }
            guard ftruncate(opened, off_t(reader.offset)) == 0 else {
                throw .journal(path: path, reason: TrackingError.reason(errno))
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

    /// The run it is about; `nil` where nothing is written yet.
    package var identity: RunIdentity? { position.identity }

    /// How the run stands, by the last word on it; `nil` where there is none.
    package var status: Run.Status? { position.status }

    /// Adds an entry, without the params, data sets and points that it has already: see ``JournalPosition/new(_:)``.
    ///
    /// - Throws: ``TrackingError/journal(path:reason:)``; nothing is added then.
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
            let reason = written < 0 ? TrackingError.reason(errno) : "the disk is full"
            // A part of a line would spoil the next one.
            _ = ftruncate(descriptor, off_t(size))
            throw .journal(path: path, reason: reason)
        }
        size += line.count
        position.advance(over: entry)
    }

    /// Waits until everything is on the disk.
    package func synchronise() { fsync(descriptor) }
}

/// How far a journal has come: whose it is, how that stands, the params and data sets it has, and the last step of every metric.
struct JournalPosition: Sendable {
    private(set) var identity: RunIdentity?
    private(set) var status: Run.Status?
    private var steps: [String: Int] = [:]
    private var params: Set<String> = []
    private var datasets: Set<[String]> = []

    /// Takes note of an entry.
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

    /// Whether a param is told already: one told can be told no other value.
    func has(_ param: KeyValue) -> Bool { params.contains(param.key) }

    /// Whether a data set is told already, which a tracker knows by the same two.
    func has(_ dataset: DatasetInput) -> Bool { datasets.contains([dataset.name, dataset.digest]) }

    /// The points beyond the last step of their metric.
    ///
    /// A run that was killed and goes on from an older state takes some steps again. They come out the same, and a tracker may
    /// have them already, from where nothing can be taken back: so the first time counts, and the second is left out.
    func new(_ points: [Metric]) -> [Metric] {
        points.filter { $0.step > steps[$0.key] ?? .min }
    }
}
