internal import CKernels

/// s = dropout(x) + r;  y = (s - mean(s)) / deviation(s) · γ + β, the post-LN residual step of Vaswani et al. 2017 (§3.1)
/// in training.
///
/// - Parameters:
///   - x: `[T, width]`; becomes s, which backward needs.
///   - residual: r, `[T, width]`.
///   - dropout: Of x.
///   - gamma: γ, `[1, width]`.
///   - beta: β, `[1, width]`.
///   - epsilon: Added to the variance.
///   - y: Made `[T, width]`.
///   - statistics: Made `[T, 2]`: the mean and 1 / deviation of each row of s, which backward needs.
///   - team: Shares out the rows.
public func residualNorm(
    _ x: inout Matrix, residual: borrowing Matrix, _ dropout: Dropout, gamma: borrowing Matrix,
    beta: borrowing Matrix, epsilon: Float, into y: inout Matrix, statistics: inout Matrix, team: ThreadTeam
) {
    let (rows, width) = (x.rows, x.columns)
    precondition(residual.rows == rows && residual.columns == width && y.columns == width && statistics.columns == 2)
    precondition(gamma.rows == 1 && gamma.columns == width && beta.rows == 1 && beta.columns == width)
    y.resize(rows: rows)
    statistics.resize(rows: rows)
    let (s, r, target, kept) = unsafe (x.base, residual.base, y.base, statistics.base)
    let (g, b) = unsafe (gamma.base, beta.base)
    let (kernels, parameters) = unsafe (Arithmetic.kernels, dropout.parameters)
    team.forEachBlock(of: rows, step: normRowsAtATime) { range, _ in
        let first = range.lowerBound * width
        unsafe kernels.residual_norm(
            s + first, r + first, range.count, width, first, parameters, g, b, epsilon, target + first,
            kept + 2 * range.lowerBound)
    }
}

/// The gradients of ``residualNorm(_:residual:_:gamma:beta:epsilon:into:statistics:team:)``.
///
///     n = (s - mean) / deviation,  d = dy · γ
///     dr = (d - mean(d) - n · mean(d · n)) / deviation,  dx = dropout(dr),  dγ += Σ_t dy · n,  dβ += Σ_t dy
///
/// - Parameters:
///   - dy: `[T, width]`
///   - sum: s, as forward left it.
///   - statistics: As forward left them.
///   - dropout: As forward's.
///   - gamma: γ, `[1, width]`.
///   - dx: Made `[T, width]`.
///   - residualGradient: dr, made `[T, width]`.
///   - gammaGradient: dγ, `[1, width]`, added to.
///   - betaGradient: dβ, `[1, width]`, added to.
///   - team: Shares out the rows.
public func residualNormBackward(
    _ dy: borrowing Matrix, sum: borrowing Matrix, statistics: borrowing Matrix, _ dropout: Dropout,
    gamma: borrowing Matrix, into dx: inout Matrix, residualGradient: inout Matrix, gammaGradient: inout Matrix,
    betaGradient: inout Matrix, team: ThreadTeam
) {
    let (rows, width) = (dy.rows, dy.columns)
    precondition(sum.rows == rows && sum.columns == width && statistics.rows == rows && statistics.columns == 2)
    precondition(dx.columns == width && residualGradient.columns == width && gamma.columns == width)
    precondition(gammaGradient.columns == width && betaGradient.columns == width)
    dx.resize(rows: rows)
    residualGradient.resize(rows: rows)
    let (slope, s, kept, g) = unsafe (dy.base, sum.base, statistics.base, gamma.base)
    let (dropped, through) = unsafe (dx.base, residualGradient.base)
    let (kernels, parameters) = unsafe (Arithmetic.kernels, dropout.parameters)
    unsafe team.addSums(
        of: rows, step: sumStep(rows: rows), to: [gammaGradient.base, betaGradient.base], width: width
    ) { range, sums in
        let first = range.lowerBound * width
        unsafe kernels.norm_backward(
            slope + first, s + first, kept + 2 * range.lowerBound, range.count, width, g, through + first,
            dropped + first, first, parameters, sums, sums + width)
    }
}

/// Rows that a member normalises at a time.
let normRowsAtATime = 32
