/// The pieces of several windows in one row after another: no padding anywhere.
public struct Batch: Sendable, Equatable {
    /// Vocabulary ids, `[T]`.
    public private(set) var ids: [Int32] = []
    /// Each piece's place in its own window, `[T]`, from 0.
    public private(set) var positions: [Int32] = []
    /// Where each window begins and the last one ends, `[W + 1]`, from 0 to T.
    public private(set) var cumulativeLengths: [Int] = [0]

    /// An empty batch.
    public init() {}

    /// T, the pieces of all windows.
    public var tokens: Int { ids.count }
    /// W, the windows.
    public var windows: Int { cumulativeLengths.count - 1 }
    /// The pieces of the longest window.
    public var longestWindow: Int {
        zip(cumulativeLengths, cumulativeLengths.dropFirst()).reduce(0) { max($0, $1.1 - $1.0) }
    }

    /// Adds one window.
    ///
    /// - Parameter ids: The window's pieces, special ones included.
    public mutating func append(_ ids: some Collection<Int32>) {
        self.ids.append(contentsOf: ids)
        positions.append(contentsOf: 0..<Int32(ids.count))
        cumulativeLengths.append(self.ids.count)
    }

    /// Empties the batch and keeps its storage.
    public mutating func removeAll() {
        ids.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        cumulativeLengths.removeAll(keepingCapacity: true)
        cumulativeLengths.append(0)
    }
}
