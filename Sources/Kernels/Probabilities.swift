import Glibc

/// softmax(x)_i = exp(x_i - max x) / Σ_j exp(x_j - max x)
///
/// - Parameter logits: x, `[C]`; minus infinity for what is impossible, but not for all.
/// - Returns: `[C]`, which sums to 1; empty for empty logits.
public func softmax(_ logits: [Double]) -> [Double] {
    guard let peak = logits.max() else { return [] }
    let exponentials = logits.map { exp($0 - peak) }
    let total = exponentials.reduce(0, +)
    return exponentials.map { $0 / total }
}

/// σ(x) = 1 / (1 + exp(-x)), elementwise.
///
/// - Parameter logits: x, `[C]`.
/// - Returns: `[C]`, each in 0 … 1.
public func sigmoid(_ logits: [Double]) -> [Double] {
    logits.map { 1 / (1 + exp(-$0)) }
}

/// x = tanh(x), elementwise in place.
///
/// - Parameter x: Any shape.
public func tanhInPlace(_ x: MatrixView) {
    for i in 0..<x.rows * x.columns {
        unsafe x.base[i] = tanh(x.base[i])
    }
}

/// dy = dy · (1 - y²) for y = tanh(x), in place.
///
/// - Parameters:
///   - dy: As y.
///   - y: ``tanhInPlace(_:)``'s result.
public func tanhBackward(_ dy: inout Matrix, output y: borrowing Matrix) {
    precondition(dy.rows == y.rows && dy.columns == y.columns)
    for i in 0..<y.rows * y.columns {
        let value = unsafe y.base[i]
        unsafe dy.base[i] *= 1 - value * value
    }
}
