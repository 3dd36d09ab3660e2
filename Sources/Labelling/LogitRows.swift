internal import Kernels

/// The head's output for some windows: a row of scores for every span, `[Σ spans, labels]`.
///
/// Kept from one batch to the next, its storage is allocated once.
public struct LogitRows: RandomAccessCollection, Sendable {
    private let labels: Int
    private var values: [Float] = []

    /// No rows yet, of one score for each label.
    public init(labels: Int) {
        self.labels = labels
    }

    /// 0.
    public var startIndex: Int { 0 }
    /// Σ spans.
    public var endIndex: Int { values.count / labels }
    /// One span's scores, `[labels]`.
    public subscript(row: Int) -> [Double] { values[row * labels..<(row + 1) * labels].map(Double.init) }

    /// Empties the rows and keeps their storage.
    mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
    }

    /// Adds the rows of `logits`, `[S, labels]`.
    mutating func append(_ logits: borrowing Matrix) {
        unsafe values.append(contentsOf: UnsafeBufferPointer(start: logits.base, count: logits.rows * logits.columns))
    }
}
