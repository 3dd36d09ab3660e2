internal import CKernels

/// Computes the post-LN residual step of Vaswani et al. 2017 (§3.1) in training:
///
///     s = dropout(x) + r;  y = (s - mean(s)) / deviation(s) · γ + β
///
/// - Parameters:
///   - x: The input, `[T, width]`; becomes s, which the backward pass needs.
///   - residual: The residual r, `[T, width]`.
///   - dropout: Dropout of x.
///   - norm: Scale γ and shift β.
///   - y: The result; resized to `[T, width]`.
///   - statistics: Mean and 1 / deviation of each row of s, kept for the backward pass; resized to `[T, 2]`.
///   - team: Threads that share the work.
public func residualNorm(
    _ x: inout Matrix, residual: borrowing Matrix, _ dropout: Dropout, _ norm: NormWeights, into y: inout Matrix,
    statistics: inout Matrix, team: ThreadTeam
) {
    let (rows, width) = (x.rows, x.columns)
    precondition(residual.rows == rows && residual.columns == width && y.columns == width && statistics.columns == 2)
    precondition(norm.width == width)
    y.resize(rows: rows)
    statistics.resize(rows: rows)
    let (s, r, target, kept) = unsafe (x.base, residual.base, y.base, statistics.base)
    let (g, b, epsilon) = unsafe (norm.gamma.value.base, norm.beta.value.base, norm.epsilon)
    let (kernels, mask) = unsafe (Arithmetic.kernels, dropout.parameters)
    team.forEachBlock(of: rows, step: normRowsAtATime) { range, _ in
        let first = range.lowerBound * width
        unsafe kernels.residual_norm(
            s + first, r + first, range.count, width, first, mask, g, b, epsilon, target + first,
            kept + 2 * range.lowerBound)
    }
}

/// Computes the gradients of ``residualNorm(_:residual:_:_:into:statistics:team:)``.
///
///     n = (s - mean) / deviation,  d = dy · γ
///     dr = (d - mean(d) - n · mean(d · n)) / deviation,  dx = dropout(dr),  dγ += Σ_t dy · n,  dβ += Σ_t dy
///
/// - Parameters:
///   - dy: Gradient with respect to y, `[T, width]`.
///   - sum: The sum s of the forward pass.
///   - statistics: The statistics of the forward pass.
///   - dropout: Dropout of the forward pass.
///   - norm: Scale γ and shift β; dγ and dβ are added to their gradients.
///   - dx: Gradient with respect to x; resized to `[T, width]`.
///   - residualGradient: Gradient dr with respect to r; resized to `[T, width]`.
///   - team: Threads that share the work.
public func residualNormBackward(
    _ dy: borrowing Matrix, sum: borrowing Matrix, statistics: borrowing Matrix, _ dropout: Dropout,
    _ norm: NormWeights, into dx: inout Matrix, residualGradient: inout Matrix, team: ThreadTeam
) {
    let (rows, width) = (dy.rows, dy.columns)
    precondition(sum.rows == rows && sum.columns == width && statistics.rows == rows && statistics.columns == 2)
    precondition(dx.columns == width && residualGradient.columns == width && norm.width == width)
    dx.resize(rows: rows)
    residualGradient.resize(rows: rows)
    let (slope, s, kept, g) = unsafe (dy.base, sum.base, statistics.base, norm.gamma.value.base)
    let (dropped, through) = unsafe (dx.base, residualGradient.base)
    let (kernels, mask) = unsafe (Arithmetic.kernels, dropout.parameters)
    unsafe team.addSums(
        of: rows, step: sumStep(rows: rows), to: [norm.gamma.gradient.base, norm.beta.gradient.base], width: width
    ) { range, sums in
        let first = range.lowerBound * width
        unsafe kernels.norm_backward(
            slope + first, s + first, kept + 2 * range.lowerBound, range.count, width, g, through + first,
            dropped + first, first, mask, sums, sums + width)
    }
}

/// Number of rows that a member of a team normalises at a time.
let normRowsAtATime = 32
