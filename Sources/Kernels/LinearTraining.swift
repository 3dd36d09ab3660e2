internal import CKernels

/// y = x · Wᵀ + b, in training: W changes at each step, so that it is packed at each call.
///
/// - Parameters:
///   - x: `[T, in]`
///   - weight: W, `[out, in]`.
///   - bias: b, `[1, out]`.
///   - y: Made `[T, out]`.
///   - panels: Scratch, 32 columns wide, with a capacity of at least ``linearPanelRows(inner:outer:)``.
///   - team: Shares out the rows.
///   - packed: Whether float32 products are ``PackedProduct``'s or OpenBLAS's.
///   - precision: What the products' operands are rounded to.
public func linear(
    _ x: borrowing Matrix, weight: borrowing Matrix, bias: borrowing Matrix, into y: inout Matrix,
    panels: inout Matrix, team: ThreadTeam, packed: Bool = PackedProduct.isFastest,
    precision: ProductPrecision = .float32
) {
    let (inner, outer) = (weight.columns, weight.rows)
    precondition(x.columns == inner && y.columns == outer && bias.rows == 1 && bias.columns == outer)
    y.resize(rows: x.rows)
    let factor = RightFactor(transposeOf: weight, panels: &panels, packed: packed, precision, team: team)
    let (source, b, target) = unsafe (x.base, bias.base, y.base)
    let kernels = unsafe Arithmetic.kernels
    team.forEachBlock(of: x.rows, step: factor.step(rows: x.rows, members: team.count)) { rows, _ in
        let result = unsafe target + rows.lowerBound * outer
        unsafe factor.multiply(source + rows.lowerBound * inner, count: rows.count, into: result)
        unsafe kernels.bias(result, rows.count, outer, outer, b)
    }
}

/// dx = dy · W,  dW += dyᵀ · x,  db += Σ_t dy
///
/// - Parameters:
///   - dy: `[T, out]`
///   - x: Forward's input, `[T, in]`.
///   - weight: W, `[out, in]`.
///   - dx: Made `[T, in]`; or added to, and then `[T, in]` already.
///   - accumulating: Whether dx is added to.
///   - weightGradient: dW, `[out, in]`, added to.
///   - biasGradient: db, `[1, out]`, added to.
///   - panels: Scratch, as forward's.
///   - team: Shares out the rows of dx, then those of dW.
///   - packed: Whether float32 products are ``PackedProduct``'s or OpenBLAS's.
///   - precision: What the products' operands are rounded to.
public func linearBackward(
    _ dy: borrowing Matrix, input x: borrowing Matrix, weight: borrowing Matrix, into dx: inout Matrix,
    accumulating: Bool, weightGradient: inout Matrix, biasGradient: inout Matrix, panels: inout Matrix,
    team: ThreadTeam, packed: Bool = PackedProduct.isFastest,
    precision: ProductPrecision = .float32
) {
    let (rows, inner, outer) = (dy.rows, weight.columns, weight.rows)
    precondition(dy.columns == outer && dx.columns == inner && biasGradient.columns == outer)
    precondition(!accumulating || dx.rows == rows)
    dx.resize(rows: rows)
    let factor = RightFactor(weight, panels: &panels, packed: packed, precision, team: team)
    let (slope, target) = unsafe (dy.base, dx.base)
    let kernels = unsafe Arithmetic.kernels
    // The rows of dy are summed while they are in cache.
    unsafe team.addSums(
        of: rows, step: factor.step(rows: rows, members: team.count), to: [biasGradient.base], width: outer
    ) { range, sums in
        let source = unsafe slope + range.lowerBound * outer
        unsafe factor.multiply(
            source, count: range.count, into: target + range.lowerBound * inner, accumulating: accumulating)
        unsafe kernels.add_rows(sums, source, range.count, outer, outer)
    }
    addWeightGradient(dy, input: x, to: &weightGradient, precision, team: team)
}

/// The rows of a 32-column matrix that the panels of a layer's W `[outer, inner]` take, forward or backward.
public func linearPanelRows(inner: Int, outer: Int) -> Int {
    max(PackedProduct.size(rows: outer, inner: inner), PackedProduct.size(rows: inner, inner: outer))
        / PackedProduct.panelColumns
}

/// dW += dyᵀ · x, each member with rows of dW.
private func addWeightGradient(
    _ dy: borrowing Matrix, input x: borrowing Matrix, to weightGradient: inout Matrix, _ precision: ProductPrecision,
    team: ThreadTeam
) {
    let (rows, inner, outer) = (dy.rows, x.columns, dy.columns)
    precondition(x.rows == rows && weightGradient.rows == outer && weightGradient.columns == inner)
    let (slope, source, target) = unsafe (dy.base, x.base, weightGradient.base)
    guard precision == .float32 else {
        unsafe BFloat16Product.addProductOfTranspose(
            slope, source, count: rows, inner: inner, outer: outer, to: target, team: team)
        return
    }
    guard rows > 0 else { return }
    // One part a member: each packs x anew.
    let share = (outer + team.count - 1) / team.count
    team.forEachBlock(of: outer, step: (share + 15) / 16 * 16) { range, _ in
        unsafe BLAS.addProductOfTranspose(
            m: range.count, n: inner, k: rows, slope + range.lowerBound, outer, source, inner,
            to: target + range.lowerBound * inner, inner)
    }
}

extension RightFactor {
    /// Wᵀ of W `[outer, inner]`, packed into `panels` where it is to be.
    fileprivate init(
        transposeOf weight: borrowing Matrix, panels: inout Matrix, packed: Bool, _ precision: ProductPrecision,
        team: ThreadTeam
    ) {
        let (inner, outer) = (weight.columns, weight.rows)
        guard precision == .float32 else {
            Self.makeRoom(for: BFloat16Product.size(inner: inner, outer: outer), in: &panels)
            unsafe BFloat16Product.pack(
                transposeOf: weight.base, inner: inner, outer: outer, into: panels.base, team: team)
            unsafe self.init(.bfloat16Panels, inner: inner, outer: outer, panels.base)
            return
        }
        guard packed else {
            unsafe self.init(.transposed, inner: inner, outer: outer, weight.base)
            return
        }
        Self.makeRoom(for: PackedProduct.size(rows: outer, inner: inner), in: &panels)
        let (source, target) = unsafe (weight.base, panels.base)
        unsafe PackedProduct.pack(source, rows: outer, inner: inner, stride: inner, 1, into: target, team: team)
        unsafe self.init(.panels, inner: inner, outer: outer, target)
    }

    /// W `[inner, outer]` itself, packed into `panels` where it is to be.
    fileprivate init(
        _ weight: borrowing Matrix, panels: inout Matrix, packed: Bool, _ precision: ProductPrecision, team: ThreadTeam
    ) {
        let (inner, outer) = (weight.rows, weight.columns)
        guard precision == .float32 else {
            Self.makeRoom(for: BFloat16Product.size(inner: inner, outer: outer), in: &panels)
            unsafe BFloat16Product.pack(weight.base, inner: inner, outer: outer, into: panels.base, team: team)
            unsafe self.init(.bfloat16Panels, inner: inner, outer: outer, panels.base)
            return
        }
        guard packed else {
            unsafe self.init(.asStored, inner: inner, outer: outer, weight.base)
            return
        }
        Self.makeRoom(for: PackedProduct.size(rows: outer, inner: inner), in: &panels)
        let (source, target) = unsafe (weight.base, panels.base)
        unsafe PackedProduct.pack(columnsOf: source, count: outer, inner: inner, outer, into: target, team: team)
        unsafe self.init(.panels, inner: inner, outer: outer, target)
    }

    private static func makeRoom(for size: Int, in panels: inout Matrix) {
        precondition(panels.columns == PackedProduct.panelColumns)
        panels.resize(rows: size / PackedProduct.panelColumns)
    }
}
