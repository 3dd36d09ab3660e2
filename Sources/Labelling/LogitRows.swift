internal import Kernels

/// The head's output for a list of windows: a row of scores for every span, `[Σ spans, labels]`.
///
/// Reuse one value for several batches, so that its storage is allocated only once.
public struct LogitRows: RandomAccessCollection, Sendable {
    fileprivate let labels: Int
    fileprivate var values: [Float] = []

    /// Creates rows with one score per label, all 0.
    ///
    /// - Parameters:
    ///   - labels: The number of labels.
    ///   - count: The number of rows.
    public init(labels: Int, count: Int = 0) {
        self.labels = labels
        values = [Float](repeating: 0, count: labels * count)
    }

    /// Creates rows from their scores, which must be as many for each row.
    package init(_ rows: [[Float]]) {
        labels = rows.first?.count ?? 1
        values = rows.flatMap(\.self)
    }

    /// The index of the first row, always 0.
    public var startIndex: Int { 0 }
    /// The number of rows: the sum of the spans over all windows.
    public var endIndex: Int { values.count / labels }
    /// The scores of one span, `[labels]`.
    public subscript(row: Int) -> [Double] { values[row * labels..<(row + 1) * labels].map(Double.init) }

    /// Replaces the rows from `row` on by as many as `rows` has.
    package mutating func replace(from row: Int, with rows: Slice<LogitRows>) {
        let source = rows.base.values[rows.startIndex * labels..<rows.endIndex * labels]
        values.replaceSubrange(row * labels..<row * labels + source.count, with: source)
    }

    /// Removes all rows but keeps their storage.
    mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
    }

    /// Appends the rows of `logits`, `[spans, labels]`.
    mutating func append(_ logits: borrowing Matrix) {
        unsafe values.append(contentsOf: UnsafeBufferPointer(start: logits.base, count: logits.rows * logits.columns))
    }
}

extension Slice<LogitRows> {
    /// Whether every score is finite.
    package var isFinite: Bool {
        base.values[startIndex * base.labels..<endIndex * base.labels].allSatisfy(\.isFinite)
    }
}
