internal import CKernels

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
