internal import CKernels

/// Multiplication of float32 matrices whose elements are rounded to bfloat16 on the way; sums are float32.
///
/// With AVX-512 BF16, which multiplies pairs of bfloat16, this is twice as fast as float32. Operands are packed into
/// panels of pairs, the right one once and the left one a block of rows at a time, so that a tile reads both from front
/// to back (Goto & van de Geijn 2008).
public enum BFloat16Product {
    /// Whether this processor has the instructions. Without them, the results are correct but take much longer than
    /// float32.
    public static let isFast = instructionSets.count > 2

    /// Whether this processor has tiles (AMX), which are several times as fast as its vectors.
    static let hasTiles = instructionSets.first == "AMX BF16"

    /// Instruction sets that this processor can run, fastest first: "AMX BF16" and "AVX-512 BF16" if available, then
    /// "AMX in plain C" and "portable", which need no special instructions.
    package static var instructionSets: [String] { unsafe tables.names }

    /// Selects the instruction set to use from now on.
    ///
    /// - Parameter instructionSet: One of ``instructionSets``.
    /// - Returns: Whether this processor has the instruction set; if not, nothing changes.
    package static func select(_ instructionSet: String) -> Bool {
        unsafe tables.select(instructionSet)
    }

    private static var kernels: ck_bfloat16_table { unsafe tables.current.pointee }

    private static let tables = unsafe KernelTables(ck_bfloat16_available()) { unsafe $0.name }
}

/// A right operand B `[inner, outer]` that ``BFloat16Product`` has packed.
@safe struct BFloat16Panels {
    fileprivate let base: UnsafePointer<Float>
    fileprivate let inner: Int
    fileprivate let outer: Int

    init(_ base: UnsafePointer<Float>, inner: Int, outer: Int) {
        unsafe self.base = unsafe base
        (self.inner, self.outer) = (inner, outer)
    }
}

// A pair has the size of a float, so that panels of either kind can share a matrix.
extension BFloat16Product {
    fileprivate static let pairBytes = 4
    private static let alignment = 64

    /// Returns the size in floats of the panels of a right operand B `[inner, outer]`. It is at most that of
    /// ``PackedProduct``.
    static func size(inner: Int, outer: Int) -> Int {
        pairs(inner) * roundUp(outer, to: ck_panel_columns)
    }

    /// Packs Wᵀ for W `[outer, inner]`.
    static func pack(
        transposeOf weight: UnsafePointer<Float>, inner: Int, outer: Int, into panels: UnsafeMutablePointer<Float>,
        team: ThreadTeam
    ) {
        let kernels = unsafe kernels
        team.forEachBlock(of: outer, step: ck_panel_columns) { rows, _ in
            unsafe kernels.pack_rows(
                panels + rows.lowerBound * pairs(inner), ck_right, weight + rows.lowerBound * inner, inner,
                rows.count, inner)
        }
    }

    /// Packs W `[inner, outer]`.
    static func pack(
        _ weight: UnsafePointer<Float>, inner: Int, outer: Int, into panels: UnsafeMutablePointer<Float>,
        team: ThreadTeam
    ) {
        let kernels = unsafe kernels
        team.forEachBlock(of: outer, step: ck_panel_columns) { columns, _ in
            unsafe kernels.pack_columns(
                panels + columns.lowerBound * pairs(inner), ck_right, weight + columns.lowerBound, outer,
                columns.count, inner)
        }
    }

    /// Packs Bᵀ on the calling thread, for `count` rows of B `[inner]` that begin every `stride` elements.
    static func pack(
        rows b: UnsafePointer<Float>, count: Int, inner: Int, stride: Int, into panels: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.pack_rows(panels, ck_right, b, stride, count, inner)
    }

    /// Packs B on the calling thread, for `count` columns of B `[inner, …]` whose rows begin every `stride` elements.
    static func pack(
        columns b: UnsafePointer<Float>, count: Int, inner: Int, stride: Int, into panels: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.pack_columns(panels, ck_right, b, stride, count, inner)
    }

    /// Packs `scale` · Bᵀ on the calling thread, for `count` rows of B `[inner]` that begin every `stride` elements.
    static func pack(
        _ scale: Float, rows b: UnsafePointer<Float>, count: Int, inner: Int, stride: Int,
        into panels: UnsafeMutablePointer<Float>
    ) {
        guard scale != 1 else {
            unsafe pack(rows: b, count: count, inner: inner, stride: stride, into: panels)
            return
        }
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: count * inner) { scaled in
            guard let scaled = scaled.baseAddress else { return }
            for row in 0..<count {
                let (source, target) = unsafe (b + row * stride, scaled + row * inner)
                for place in 0..<inner { unsafe target[place] = scale * source[place] }
            }
            unsafe pack(rows: scaled, count: count, inner: inner, stride: inner, into: panels)
        }
    }

    /// Computes y = x · B, or y += x · B, with B in panels.
    ///
    /// `count` rows of x `[inner]` and y `[outer]` begin every `xStride` and `yStride` elements. x is packed on the
    /// calling thread; the packed rows should fit in its second-level cache.
    static func multiply(
        _ x: UnsafePointer<Float>, _ xStride: Int, count: Int, _ panels: BFloat16Panels,
        into y: UnsafeMutablePointer<Float>, _ yStride: Int, accumulating: Bool = false
    ) {
        let kernels = unsafe kernels
        unsafe withUnsafeTemporaryAllocation(
            byteCount: kernels.leftBytes(rows: count, inner: panels.inner), alignment: alignment
        ) { left in
            guard let left = left.baseAddress else { return }
            unsafe kernels.pack_rows(left, ck_left, x, xStride, count, panels.inner)
            unsafe kernels.product(
                y, yStride, left, count, panels.base, panels.outer, panels.inner, accumulating)
        }
    }

    /// Computes y += xᵀ · B for `columns` columns of x `[inner, columns]`, with B in panels.
    static func multiply(
        transposeOf x: UnsafePointer<Float>, _ xStride: Int, columns: Int, _ panels: BFloat16Panels,
        addingTo y: UnsafeMutablePointer<Float>, _ yStride: Int
    ) {
        let kernels = unsafe kernels
        let bytes = unsafe kernels.leftBytes(rows: columns, inner: panels.inner)
        unsafe withUnsafeTemporaryAllocation(byteCount: bytes, alignment: alignment) { left in
            guard let left = left.baseAddress else { return }
            unsafe kernels.pack_columns(left, ck_left, x, xStride, columns, panels.inner)
            unsafe kernels.product(y, yStride, left, columns, panels.base, panels.outer, panels.inner, true)
        }
    }

    /// Computes dW += dyᵀ · x for dy `[count, outer]`, x `[count, inner]` and dW `[outer, inner]`.
    ///
    /// Each element of dW is summed by one member in a fixed order, so the result does not depend on the team.
    static func addProductOfTranspose(
        _ dy: UnsafePointer<Float>, _ x: UnsafePointer<Float>, count: Int, inner: Int, outer: Int,
        to weightGradient: UnsafeMutablePointer<Float>, team: ThreadTeam
    ) {
        let kernels = unsafe kernels
        let slice = Slice(outer: outer, inner: inner, members: team.count)
        let across = (inner + slice.columns - 1) / slice.columns
        let down = (outer + slice.rows - 1) / slice.rows
        let leftBytes = unsafe kernels.leftBytes(rows: slice.rows, inner: Slice.depth)
        let rightBytes = slice.columns * pairs(Slice.depth) * pairBytes
        team.forEach(down * across) { item, _ in
            let (row, column) = (item / across * slice.rows, item % across * slice.columns)
            let (rows, columns) = (min(slice.rows, outer - row), min(slice.columns, inner - column))
            unsafe withUnsafeTemporaryAllocation(byteCount: leftBytes + rightBytes, alignment: alignment) { scratch in
                guard let right = scratch.baseAddress else { return }
                let left = unsafe right + rightBytes
                for first in stride(from: 0, to: count, by: Slice.depth) {
                    let depth = min(Slice.depth, count - first)
                    unsafe kernels.pack_columns(left, ck_left, dy + first * outer + row, outer, rows, depth)
                    unsafe kernels.pack_columns(
                        right, ck_right, x + first * inner + column, inner, columns, depth)
                    unsafe kernels.product(
                        weightGradient + row * inner + column, inner, left, rows, right, columns, depth, true)
                }
            }
        }
    }

    fileprivate static func pairs(_ inner: Int) -> Int { (inner + 1) / 2 }
}

extension ck_bfloat16_table {
    /// Returns the size in bytes of a packed left operand `[rows, inner]`.
    fileprivate func leftBytes(rows: Int, inner: Int) -> Int {
        unsafe roundUp(rows, to: left_rows) * roundUp(BFloat16Product.pairs(inner), to: left_pairs)
            * BFloat16Product.pairBytes
    }
}

/// The slices of dW that the members of a team compute one at a time.
private struct Slice {
    /// Number of tokens whose products are summed before they are added to dW.
    static let depth = 256

    private(set) var rows: Int
    private(set) var columns: Int

    /// Chooses the slices of dW `[outer, inner]`: as few as possible that keep every member busy. Each slice packs its
    /// columns of dy and x again, and both must fit in the second-level cache.
    init(outer: Int, inner: Int, members: Int) {
        (rows, columns) = (ck_pair_rows, ck_panel_columns)
        let most = 512
        // Packing an element takes about as long as this many multiplications of it.
        let packing = 10
        var lowest = Int.max
        for across in 1...max(1, (inner + ck_panel_columns - 1) / ck_panel_columns) {
            let width = roundUp((inner + across - 1) / across, to: ck_panel_columns)
            guard width <= most else { continue }
            let fewest = max(1, (outer + most - 1) / most)
            let rounds = (fewest * across + members - 1) / members
            let down = max(fewest, rounds * members / across)
            let height = roundUp((outer + down - 1) / down, to: ck_pair_rows)
            let cost = rounds * (height * width + packing * (height + width))
            if cost < lowest { (lowest, rows, columns) = (cost, height, width) }
        }
    }
}

private func roundUp(_ count: Int, to multiple: Int) -> Int {
    (count + multiple - 1) / multiple * multiple
}
