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
