/// The layout of attention's matrices: which part of them belongs to each head in each window. The team shares out
/// these items.
struct AttentionShape {
    private let windows: [Int]
    private let heads: Int
    private let queries: AttentionQueries
    let width: Int
    let headWidth: Int

    /// Creates the layout of `form` for `rows` rows of Q, K and V, each `width` wide.
    init(_ form: MultiHeadAttention, rows: Int, width: Int) {
        precondition(form.windows.first == 0 && form.windows.last == rows && width.isMultiple(of: form.heads))
        (windows, heads, queries) = (form.windows, form.heads, form.queries)
        (self.width, headWidth) = (width, width / form.heads)
    }

    /// One head in one window.
    struct Item {
        let start: Int
        let length: Int
        /// Number of the window's rows that attend, counted from its first.
        let queries: Int
        /// Offset of the item's queries in a `[T, 3 · width]` matrix of Q, K and V. Its keys begin `width` elements
        /// later, its values `2 · width` elements later.
        let projected: Int
        /// Offset of the item's part of the context.
        let context: Int

        /// Returns blocks of at most `rows` queries whose scores are computed together.
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

    /// Number of rows of the context.
    var contextRows: Int { queries == .all ? windows.last ?? 0 : windows.count - 1 }

    /// Factor of the scores, 1 / √d for heads of width d.
    var scale: Float { 1 / Float(headWidth).squareRoot() }

    /// Returns the number of elements from one row of a block of scores to the next: the length of the window, rounded
    /// up to whole panels so that every tile is full.
    static func scoreStride(length: Int) -> Int {
        (length + PackedProduct.panelColumns - 1) / PackedProduct.panelColumns * PackedProduct.panelColumns
    }
}

/// Returns the first column of each panel of a packed operand.
func panels(of columns: Int) -> StrideTo<Int> { stride(from: 0, to: columns, by: PackedProduct.panelColumns) }

/// Factor that turns exponents of e into exponents of 2.
let log2OfE: Float = 1.4426950408889634
