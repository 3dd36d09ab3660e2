internal import CKernels

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

/// Computes the gradient of ``activate(_:_:into:team:)``: dy = dy · activation′(x), in place.
///
/// - Parameters:
///   - dy: The gradient with respect to the result, of x's shape; becomes the gradient with respect to x.
///   - x: The input of the forward pass.
///   - activation: The function; the derivative of `relu` at 0 is 0.
///   - team: Threads that share the work.
public func activateBackward(
    _ dy: inout Matrix, input x: borrowing Matrix, _ activation: Activation, team: ThreadTeam
) {
    precondition(dy.rows == x.rows && dy.columns == x.columns)
    let (slope, source) = unsafe (dy.base, x.base)
    let kernels = unsafe Arithmetic.kernels
    team.forEachBlock(of: x.rows * x.columns, step: elementsAtATime) { elements, _ in
        let (to, from, count) = unsafe (slope + elements.lowerBound, source + elements.lowerBound, elements.count)
        switch activation {
        case .identity: break
        case .gelu: unsafe kernels.gelu_backward(to, from, count)
        case .geluTanh: unsafe kernels.gelu_tanh_backward(to, from, count)
        case .relu: unsafe kernels.relu_backward(to, from, count)
        }
    }
}
