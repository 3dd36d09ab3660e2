internal import CKernels

/// The elementwise function after a linear layer.
public enum Activation: Sendable, Equatable {
    /// No function: the input is returned unchanged.
    case identity
    /// x · Φ(x), with Φ from erf (Hendrycks & Gimpel 2016); Hugging Face's `gelu`.
    case gelu
    /// x · Φ(x), with Φ approximated by tanh; Hugging Face's `gelu_new` and `gelu_pytorch_tanh`.
    case geluTanh
    /// max(x, 0)
    case relu
}

/// Computes y = activation(x) in training. x is kept, because the backward pass needs it.
///
/// - Parameters:
///   - x: The input, of any shape.
///   - activation: The function.
///   - y: The result; resized to the rows of x.
///   - team: Threads that share the work.
public func activate(_ x: borrowing Matrix, _ activation: Activation, into y: inout Matrix, team: ThreadTeam) {
    precondition(y.columns == x.columns)
    y.resize(rows: x.rows)
    let (source, target) = unsafe (x.base, y.base)
    let kernels = unsafe Arithmetic.kernels
    team.forEachBlock(of: x.rows * x.columns, step: elementsAtATime) { elements, _ in
        let (from, to, count) = unsafe (source + elements.lowerBound, target + elements.lowerBound, elements.count)
        switch activation {
        case .identity: unsafe to.update(from: from, count: count)
        case .gelu: unsafe kernels.gelu(to, from, count)
        case .geluTanh: unsafe kernels.gelu_tanh(to, from, count)
        case .relu: unsafe kernels.relu(to, from, count)
        }
    }
}
