package import MLflow

/// The content of one logging request: consecutive journal entries, as many as MLflow accepts at once.
package struct LogBatch: Sendable, Equatable {
    package var metrics: [Metric] = []
    package var params: [KeyValue] = []
    package var tags: [KeyValue] = []
    /// An upper bound for the size of the request's body in bytes.
    private var bytes = 200

    /// Creates an empty batch.
    package init() {}

    /// Adds the content of an entry.
    ///
    /// - Returns: `false` if the entry does not fit or is of another kind; the batch is then unchanged. An empty batch
    ///   accepts any entry, so that the store refuses an entry that is too large, instead of it being skipped silently.
    package mutating func add(_ entry: JournalEntry) -> Bool {
        var grown = self
        switch entry {
        case .metrics(let points):
            grown.metrics += points
            // Covers the names, the braces and numbers of at most 24, 20 and 20 digits.
            grown.bytes += points.reduce(0) { $0 + 110 + Self.bytes($1.key) }
        case .params(let pairs):
            grown.params += pairs
            grown.bytes += pairs.reduce(0) { $0 + Self.bytes($1) }
        case .tags(let pairs):
            grown.tags += pairs
            grown.bytes += pairs.reduce(0) { $0 + Self.bytes($1) }
        default: return false
        }
        let count = grown.metrics.count + grown.params.count + grown.tags.count
        let fits =
            count <= LogLimits.metrics && grown.params.count <= LogLimits.pairs
            && grown.tags.count <= LogLimits.pairs && grown.bytes <= LogLimits.bytes
        guard fits || isEmpty else { return false }
        self = grown
        return true
    }

    /// Splits points into entries of a journal; four of these fit in a batch.
    package static func parts(_ points: [Metric]) -> [[Metric]] {
        let size = LogLimits.metrics / 4
        return stride(from: 0, to: points.count, by: size).map { Array(points[$0..<min($0 + size, points.count)]) }
    }

    /// Splits parameters or tags into entries of a journal; two of these fit in a batch.
    package static func parts(_ pairs: [KeyValue]) -> [[KeyValue]] {
        var parts: [[KeyValue]] = []
        var bytes = 0
        for pair in pairs {
            let size = Self.bytes(pair)
            if let last = parts.last, last.count < LogLimits.pairs / 2, bytes + size <= LogLimits.bytes / 2 - 200 {
                parts[parts.count - 1].append(pair)
                bytes += size
            } else {
                parts.append([pair])
                bytes = size
            }
        }
        return parts
    }

    /// Returns the batch without the points that a store already has.
    ///
    /// - Parameter lastSteps: The last step of every metric in the store.
    /// - Returns: The later points, and all parameters and tags.
    package func removing(upTo lastSteps: [String: Int]) -> LogBatch {
        var rest = self
        rest.metrics.removeAll { $0.step <= lastSteps[$0.key] ?? .min }
        return rest
    }

    /// Whether the batch is empty.
    package var isEmpty: Bool { metrics.isEmpty && params.isEmpty && tags.isEmpty }

    /// Returns an upper bound for the size of a parameter or tag in JSON, in bytes.
    private static func bytes(_ pair: KeyValue) -> Int { 24 + bytes(pair.key) + bytes(pair.value) }

    /// Returns the size of a string in JSON in bytes, including escape sequences.
    private static func bytes(_ text: String) -> Int {
        text.utf8.reduce(2) { $0 + ($1 < 0x20 ? 6 : $1 == 0x22 || $1 == 0x5C ? 2 : 1) }
    }
}
