import Glibc

/// Computes softmax(x)_i = exp(x_i - max x) / Σ_j exp(x_j - max x).
///
/// - Parameter logits: x, `[C]`. Impossible classes have minus infinity; at least one class must be possible.
/// - Returns: Probabilities that sum to 1, `[C]`; empty if `logits` is empty.
public func softmax(_ logits: [Double]) -> [Double] {
    guard let peak = logits.max() else { return [] }
    let exponentials = logits.map { exp($0 - peak) }
    let total = exponentials.reduce(0, +)
    return exponentials.map { $0 / total }
}

/// Computes σ(x) = 1 / (1 + exp(-x)), elementwise.
///
/// - Parameter logits: x, `[C]`.
/// - Returns: Probabilities in 0 … 1, `[C]`.
public func sigmoid(_ logits: [Double]) -> [Double] {
    logits.map { 1 / (1 + exp(-$0)) }
}

/// Computes x = tanh(x), elementwise and in place.
///
/// - Parameter x: A matrix of any shape.
public func tanhInPlace(_ x: MatrixView) {
    for i in 0..<x.rows * x.columns {
        unsafe x.base[i] = tanh(x.base[i])
    }
}

/// Computes the gradient of ``tanhInPlace(_:)``: dy = dy · (1 - y²) for y = tanh(x), in place.
///
/// - Parameters:
///   - dy: Gradient with respect to y; becomes the gradient with respect to x.
///   - y: The result of ``tanhInPlace(_:)``.
public func tanhBackward(_ dy: inout Matrix, output y: borrowing Matrix) {
    precondition(dy.rows == y.rows && dy.columns == y.columns)
    for i in 0..<y.rows * y.columns {
        let value = unsafe y.base[i]
        unsafe dy.base[i] *= 1 - value * value
    }
}
