/// Which part of its matrices each head in each window has: what a team shares out in attention.
struct AttentionShape {
    private let windows: [Int]
    private let heads: Int
    let width: Int
    let headWidth: Int

    /// - Parameters:
    ///   - windows: The windows' cumulative lengths, from 0 to `rows`.
    ///   - heads: A divisor of the width.
    ///   - rows: T.
    ///   - width: Of Q, K and V each.
    init(windows: [Int], heads: Int, rows: Int, width: Int) {
        precondition(windows.first == 0 && windows.last == rows && width.isMultiple(of: heads))
        (self.windows, self.heads, self.width, headWidth) = (windows, heads, width, width / heads)
    }

    /// One head in one window.
    struct Item {
        let start: Int
        let length: Int
        /// Where its part of a `[T, 3 · width]` matrix of Q, K and V begins; keys follow `width` elements after queries.
        let projected: Int
        /// Where its part of a `[T, width]` matrix begins.
        let context: Int

        /// The queries whose scores are computed together.
        func blocks(of rows: Int) -> some Sequence<Range<Int>> {
            stride(from: 0, to: length, by: rows).lazy.map { $0..<min($0 + rows, length) }
        }
    }

    var count: Int { (windows.count - 1) * heads }

    subscript(item: Int) -> Item {
        let (window, head) = (item / heads, item % heads)
        let start = windows[window]
        return Item(
            start: start, length: windows[window + 1] - start, projected: start * 3 * width + head * headWidth,
            context: start * width + head * headWidth)
    }

    /// 1 / √d, of the scores.
    var scale: Float { 1 / Float(headWidth).squareRoot() }

    /// Elements from one row of a block of scores to the next: a window's length, made whole panels of a product so that
    /// every tile is a full one.
    static func scoreStride(length: Int) -> Int {
        (length + PackedProduct.panelColumns - 1) / PackedProduct.panelColumns * PackedProduct.panelColumns
    }
}
