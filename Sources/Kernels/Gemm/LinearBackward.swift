internal import CKernels

/// Computes the gradients of a linear layer: dx = dy · W,  dW += dyᵀ · x,  db += Σ_t dy.
///
/// - Parameters:
///   - dy: Gradient with respect to the result, `[T, out]`.
///   - x: The input of the forward pass, `[T, in]`.
///   - layer: W and b; dW and db are added to their gradients.
///   - dx: Gradient with respect to x; resized to `[T, in]`. If it is added to, it must have this size already.
///   - accumulating: Whether dx is added to instead of overwritten.
///   - panels: Scratch, as in the forward pass.
///   - team: Threads that share the rows of dx, then those of dW.
///   - backend: The implementation of the matrix multiplications.
public func linearBackward(
    _ dy: borrowing Matrix, input x: borrowing Matrix, _ layer: LinearWeights, into dx: inout Matrix,
    accumulating: Bool, panels: inout Matrix, team: ThreadTeam, backend: GemmBackend = .fastest
) {
    let (rows, inner, outer) = (dy.rows, layer.weight.value.columns, layer.weight.value.rows)
    precondition(dy.columns == outer && dx.columns == inner)
    precondition(!accumulating || dx.rows == rows)
    dx.resize(rows: rows)
    let factor = RightFactor(layer.weight.value, panels: &panels, backend: backend, team: team)
    let (slope, target) = unsafe (dy.base, dx.base)
    let kernels = unsafe Arithmetic.kernels
    // Sums the rows of dy while they are in cache.
    unsafe team.addSums(
        of: rows, step: factor.step(rows: rows, members: team.count), to: [layer.bias.gradient.base], width: outer
    ) { range, sums in
        let source = unsafe slope + range.lowerBound * outer
        unsafe factor.multiply(
            source, count: range.count, into: target + range.lowerBound * inner, accumulating: accumulating)
        unsafe kernels.add_rows(sums, source, range.count, outer, outer)
    }
    addWeightGradient(dy, input: x, to: &layer.weight.gradient, backend, team: team)
}

/// Returns the rows that the 32-column `panels` matrix needs for a layer's W `[outer, inner]`, in the forward or
/// backward pass.
public func linearPanelRows(inner: Int, outer: Int) -> Int {
    max(PackedProduct.size(rows: outer, inner: inner), PackedProduct.size(rows: inner, inner: outer))
        / PackedProduct.panelColumns
}

/// Computes dW += dyᵀ · x. Each member of the team computes some rows of dW.
private func addWeightGradient(
    _ dy: borrowing Matrix, input x: borrowing Matrix, to weightGradient: inout Matrix, _ backend: GemmBackend,
    team: ThreadTeam
) {
    let (rows, inner, outer) = (dy.rows, x.columns, dy.columns)
    precondition(x.rows == rows && weightGradient.rows == outer && weightGradient.columns == inner)
    let (slope, source, target) = unsafe (dy.base, x.base, weightGradient.base)
    guard backend != .bfloat16 else {
        unsafe BFloat16Product.addProductOfTranspose(
            slope, source, count: rows, inner: inner, outer: outer, to: target, team: team)
        return
    }
    guard rows > 0 else { return }
    // Gives each member a single part, because every part packs x again.
    let share = (outer + team.count - 1) / team.count
    team.forEachBlock(of: outer, step: (share + 15) / 16 * 16) { range, _ in
        unsafe BLAS.multiply(
            .transposed(slope + range.lowerBound, stride: outer), .asStored(source, stride: inner),
            into: target + range.lowerBound * inner, inner, (range.count, inner, rows), accumulating: true)
    }
}
