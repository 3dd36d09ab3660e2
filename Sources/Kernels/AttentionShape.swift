/// The rows that attend to all others of their window.
public enum AttentionQueries: Sendable {
    case all
    /// The first of each window, `[CLS]`, alone: all that a classifier reads of its last layer.
    case first
}

/// Which part of its matrices each head in each window has: what a team shares out in attention.
struct AttentionShape {
    private let windows: [Int]
    private let heads: Int
    private let queries: AttentionQueries
    let width: Int
    let headWidth: Int

    /// - Parameters:
    ///   - windows: The windows' cumulative lengths, from 0 to `rows`.
    ///   - heads: A divisor of the width.
    ///   - rows: T.
    ///   - width: Of Q, K and V each.
    ///   - queries: Which rows attend.
    init(windows: [Int], heads: Int, rows: Int, width: Int, queries: AttentionQueries = .all) {
        precondition(windows.first == 0 && windows.last == rows && width.isMultiple(of: heads))
        (self.windows, self.heads, self.width, headWidth) = (windows, heads, width, width / heads)
        self.queries = queries
    }

    /// One head in one window.
    struct Item {
        let start: Int
        let length: Int
        /// Of the window's rows, from the first: those that attend.
        let queries: Int
        /// Where its part of a `[T, 3 · width]` matrix of Q, K and V begins; keys follow `width` elements after queries.
        let projected: Int
        /// Where its part of the context begins.
        let context: Int

        /// The queries whose scores are computed together.
        func blocks(of rows: Int) -> some Sequence<Range<Int>> {
            stride(from: 0, to: queries, by: rows).lazy.map { $0..<min($0 + rows, queries) }
        }
    }

    var count: Int { (windows.count - 1) * heads }

    subscript(item: Int) -> Item {
        let (window, head) = (item / heads, item % heads)
        let start = windows[window]
        let length = windows[window + 1] - start
        let contextRow = queries == .all ? start : window
        return Item(
            start: start, length: length, queries: queries == .all ? length : min(1, length),
            projected: start * 3 * width + head * headWidth, context: contextRow * width + head * headWidth)
    }

    /// The rows that attention gives.
    var contextRows: Int { queries == .all ? windows.last ?? 0 : windows.count - 1 }

    /// 1 / √d, of the scores.
    var scale: Float { 1 / Float(headWidth).squareRoot() }

    /// Elements from one row of a block of scores to the next: a window's length, made whole panels of a product so that
    /// every tile is a full one.
    static func scoreStride(length: Int) -> Int {
        (length + PackedProduct.panelColumns - 1) / PackedProduct.panelColumns * PackedProduct.panelColumns
    }
}

/// Where each panel of a packed operand begins among its columns.
func panels(of columns: Int) -> StrideTo<Int> { stride(from: 0, to: columns, by: PackedProduct.panelColumns) }

/// What turns a softmax's exponentials into powers of two.
let log2OfE: Float = 1.4426950408889634
