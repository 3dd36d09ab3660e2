package import MLflow

/// What one request logs: the entries of a journal that follow each other, as many as MLflow takes at once.
package struct LogBatch: Sendable, Equatable {
    package var metrics: [Metric] = []
    package var params: [KeyValue] = []
    package var tags: [KeyValue] = []
    /// An upper bound of the body's bytes.
    private var bytes = 200

    /// Nothing yet.
    package init() {}

    /// Adds an entry's content.
    ///
    /// - Returns: Whether it fits; nothing is added where it does not, or where the entry is of another kind. Alone every
    ///   entry fits: one too large must be refused by the store, not passed over in silence.
    package mutating func add(_ entry: JournalEntry) -> Bool {
        var grown = self
        switch entry {
        case .metrics(let points):
            grown.metrics += points
            // Names, braces and at most 24, 20 and 20 digits.
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

    /// Points cut into entries of a journal, four of which fit into a batch.
    package static func parts(_ points: [Metric]) -> [[Metric]] {
        let size = LogLimits.metrics / 4
        return stride(from: 0, to: points.count, by: size).map { Array(points[$0..<min($0 + size, points.count)]) }
    }

    /// Params or tags cut into entries of a journal, two of which fit into a batch.
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

    /// Without the points that a store has already.
    ///
    /// - Parameter lastSteps: The highest step of every metric there.
    /// - Returns: The points beyond it, and all params and tags.
    package func removing(upTo lastSteps: [String: Int]) -> LogBatch {
        var rest = self
        rest.metrics.removeAll { $0.step <= lastSteps[$0.key] ?? .min }
        return rest
    }

    /// Whether there is nothing to log.
    package var isEmpty: Bool { metrics.isEmpty && params.isEmpty && tags.isEmpty }

    /// A param's or a tag's bytes in JSON, at most.
    private static func bytes(_ pair: KeyValue) -> Int { 24 + bytes(pair.key) + bytes(pair.value) }

    /// A string's bytes in JSON, at most: where much is escaped, six for each.
    private static func bytes(_ text: String) -> Int {
        text.utf8.reduce(2) { $0 + ($1 < 0x20 ? 6 : $1 == 0x22 || $1 == 0x5C ? 2 : 1) }
    }
}
