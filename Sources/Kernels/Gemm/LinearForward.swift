internal import CKernels

/// Computes y = x · Wᵀ + b in training. W changes at every step, so it is packed at every call.
///
/// - Parameters:
///   - x: The input, `[T, in]`.
///   - layer: W and b.
///   - y: The result; resized to `[T, out]`.
///   - panels: Scratch of 32 columns with a capacity of at least ``linearPanelRows(inner:outer:)`` rows.
///   - team: Threads that share the rows.
///   - backend: The implementation of the matrix multiplication.
public func linear(
    _ x: borrowing Matrix, _ layer: LinearWeights, into y: inout Matrix, panels: inout Matrix, team: ThreadTeam,
    backend: GemmBackend = .fastest
) {
    let (inner, outer) = (layer.weight.value.columns, layer.weight.value.rows)
    precondition(x.columns == inner && y.columns == outer)
    y.resize(rows: x.rows)
    let factor = RightFactor(transposeOf: layer.weight.value, panels: &panels, backend: backend, team: team)
    let (source, b, target) = unsafe (x.base, layer.bias.value.base, y.base)
    let kernels = unsafe Arithmetic.kernels
    team.forEachBlock(of: x.rows, step: factor.step(rows: x.rows, members: team.count)) { rows, _ in
        let result = unsafe target + rows.lowerBound * outer
        unsafe factor.multiply(source + rows.lowerBound * inner, count: rows.count, into: result)
        unsafe kernels.bias(result, rows.count, outer, outer, b)
    }
}
