internal import Kernels

/// The head's output for a list of windows: a row of scores for every span, `[Σ spans, labels]`.
///
/// Reuse one value for several batches, so that its storage is allocated only once.
public struct LogitRows: RandomAccessCollection, Sendable {
    private let labels: Int
    private var values: [Float] = []

    /// Creates an empty collection of rows with one score per label.
    public init(labels: Int) {
        self.labels = labels
    }

    /// The index of the first row, always 0.
    public var startIndex: Int { 0 }
    /// The number of rows: the sum of the spans over all windows.
    public var endIndex: Int { values.count / labels }
    /// The scores of one span, `[labels]`.
    public subscript(row: Int) -> [Double] { values[row * labels..<(row + 1) * labels].map(Double.init) }

    /// Removes all rows but keeps their storage.
    mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
    }

    /// Appends the rows of `logits`, `[spans, labels]`.
    mutating func append(_ logits: borrowing Matrix) {
        unsafe values.append(contentsOf: UnsafeBufferPointer(start: logits.base, count: logits.rows * logits.columns))
    }
}
