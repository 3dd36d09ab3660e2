internal import CKernels

/// y = activation(x), out of place: backward needs x.
///
/// - Parameters:
///   - x: Any shape.
///   - activation: The function.
///   - y: Made as high as x.
///   - team: Shares out the elements.
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

/// dy = dy · activation′(x), in place.
///
/// - Parameters:
///   - dy: As x.
///   - x: Forward's input.
///   - activation: The function; the derivative of `relu` at 0 is 0.
///   - team: Shares out the elements.
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
