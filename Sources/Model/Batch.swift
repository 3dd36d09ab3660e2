/// A packed batch: the tokens of several windows one after another, without padding.
public struct Batch: Sendable, Equatable {
    /// Vocabulary ids, `[T]`.
    public private(set) var ids: [Int32] = []
    /// Position of each token in its own window, `[T]`, from 0.
    public private(set) var positions: [Int32] = []
    /// Row at which each window begins, and T at the end, `[W + 1]`.
    public private(set) var cumulativeLengths: [Int] = [0]

    /// Creates an empty batch.
    public init() {}

    /// Number of tokens in all windows, T.
    public var tokens: Int { ids.count }
    /// Number of windows, W.
    public var windows: Int { cumulativeLengths.count - 1 }
    /// Number of tokens of the longest window.
    public var longestWindow: Int {
        zip(cumulativeLengths, cumulativeLengths.dropFirst()).reduce(0) { max($0, $1.1 - $1.0) }
    }

    /// Adds one window.
    ///
    /// - Parameter ids: Vocabulary ids of the window's tokens, including `[CLS]` and `[SEP]`.
    public mutating func append(_ ids: some Collection<Int32>) {
        self.ids.append(contentsOf: ids)
        positions.append(contentsOf: 0..<Int32(ids.count))
        cumulativeLengths.append(self.ids.count)
    }

    /// Removes all windows and keeps the storage.
    public mutating func removeAll() {
        ids.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        cumulativeLengths.removeAll(keepingCapacity: true)
        cumulativeLengths.append(0)
    }
}
