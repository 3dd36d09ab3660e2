internal import CKernels

/// Computes y = x · Wᵀ + b in training. W changes at every step, so it is packed at every call.
///
/// - Parameters:
///   - x: The input, `[T, in]`.
///   - weight: W, `[out, in]`.
///   - bias: b, `[1, out]`.
///   - y: The result; resized to `[T, out]`.
///   - panels: Scratch of 32 columns with a capacity of at least ``linearPanelRows(inner:outer:)`` rows.
///   - team: Threads that share the rows.
///   - backend: The implementation of float32 matrix multiplications.
///   - precision: Precision to which the operands of the matrix multiplications are rounded.
public func linear(
    _ x: borrowing Matrix, weight: borrowing Matrix, bias: borrowing Matrix, into y: inout Matrix,
    panels: inout Matrix, team: ThreadTeam, backend: GemmBackend = .fastest,
    precision: ProductPrecision = .float32
) {
    let (inner, outer) = (weight.columns, weight.rows)
    precondition(x.columns == inner && y.columns == outer && bias.rows == 1 && bias.columns == outer)
    y.resize(rows: x.rows)
    let factor = RightFactor(transposeOf: weight, panels: &panels, backend: backend, precision, team: team)
    let (source, b, target) = unsafe (x.base, bias.base, y.base)
    let kernels = unsafe Arithmetic.kernels
    team.forEachBlock(of: x.rows, step: factor.step(rows: x.rows, members: team.count)) { rows, _ in
        let result = unsafe target + rows.lowerBound * outer
        unsafe factor.multiply(source + rows.lowerBound * inner, count: rows.count, into: result)
        unsafe kernels.bias(result, rows.count, outer, outer, b)
    }
}

/// Computes the gradients of a linear layer: dx = dy · W,  dW += dyᵀ · x,  db += Σ_t dy.
///
/// - Parameters:
///   - dy: Gradient with respect to the result, `[T, out]`.
///   - x: The input of the forward pass, `[T, in]`.
///   - weight: W, `[out, in]`.
///   - dx: Gradient with respect to x; resized to `[T, in]`. If it is added to, it must have this size already.
///   - accumulating: Whether dx is added to instead of overwritten.
///   - weightGradient: dW, `[out, in]`, added to.
///   - biasGradient: db, `[1, out]`, added to.
///   - panels: Scratch, as in the forward pass.
///   - team: Threads that share the rows of dx, then those of dW.
///   - backend: The implementation of float32 matrix multiplications.
///   - precision: Precision to which the operands of the matrix multiplications are rounded.
public func linearBackward(
    _ dy: borrowing Matrix, input x: borrowing Matrix, weight: borrowing Matrix, into dx: inout Matrix,
    accumulating: Bool, weightGradient: inout Matrix, biasGradient: inout Matrix, panels: inout Matrix,
    team: ThreadTeam, backend: GemmBackend = .fastest,
    precision: ProductPrecision = .float32
) {
    let (rows, inner, outer) = (dy.rows, weight.columns, weight.rows)
    precondition(dy.columns == outer && dx.columns == inner && biasGradient.columns == outer)
    precondition(!accumulating || dx.rows == rows)
    dx.resize(rows: rows)
    let factor = RightFactor(weight, panels: &panels, backend: backend, precision, team: team)
    let (slope, target) = unsafe (dy.base, dx.base)
    let kernels = unsafe Arithmetic.kernels
    // Sums the rows of dy while they are in cache.
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

/// Returns the rows that the 32-column `panels` matrix needs for a layer's W `[outer, inner]`, in the forward or
/// backward pass.
public func linearPanelRows(inner: Int, outer: Int) -> Int {
    max(PackedProduct.size(rows: outer, inner: inner), PackedProduct.size(rows: inner, inner: outer))
        / PackedProduct.panelColumns
}

/// Computes dW += dyᵀ · x. Each member of the team computes some rows of dW.
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
    // Gives each member a single part, because every part packs x again.
    let share = (outer + team.count - 1) / team.count
    team.forEachBlock(of: outer, step: (share + 15) / 16 * 16) { range, _ in
        unsafe BLAS.addProductOfTranspose(
            m: range.count, n: inner, k: rows, slope + range.lowerBound, outer, source, inner,
            to: target + range.lowerBound * inner, inner)
    }
}

extension RightFactor {
    /// Creates the operand Wᵀ for W `[outer, inner]`, packed into `panels` if the implementation needs that.
    fileprivate init(
        transposeOf weight: borrowing Matrix, panels: inout Matrix, backend: GemmBackend, _ precision: ProductPrecision,
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
        guard backend == .packed else {
            unsafe self.init(.transposed, inner: inner, outer: outer, weight.base)
            return
        }
        Self.makeRoom(for: PackedProduct.size(rows: outer, inner: inner), in: &panels)
        let (source, target) = unsafe (weight.base, panels.base)
        unsafe PackedProduct.pack(source, rows: outer, inner: inner, stride: inner, 1, into: target, team: team)
        unsafe self.init(.panels, inner: inner, outer: outer, target)
    }

    /// Creates the operand W `[inner, outer]`, packed into `panels` if the implementation needs that.
    fileprivate init(
        _ weight: borrowing Matrix, panels: inout Matrix, backend: GemmBackend, _ precision: ProductPrecision,
        team: ThreadTeam
    ) {
        let (inner, outer) = (weight.rows, weight.columns)
        guard precision == .float32 else {
            Self.makeRoom(for: BFloat16Product.size(inner: inner, outer: outer), in: &panels)
            unsafe BFloat16Product.pack(weight.base, inner: inner, outer: outer, into: panels.base, team: team)
            unsafe self.init(.bfloat16Panels, inner: inner, outer: outer, panels.base)
            return
        }
        guard backend == .packed else {
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
