internal import CKernels

/// The constants of one step of AdamW (Loshchilov & Hutter 2019, algorithm 2), as in `torch.optim.AdamW`.
public struct AdamWStep: Sendable {
    /// Learning rate η.
    public var rate: Float
    /// Decay rate β₁ of the first moment.
    public var beta1: Float
    /// Decay rate β₂ of the second moment.
    public var beta2: Float
    /// Constant ε that is added to the square root of the second moment.
    public var epsilon: Float
    /// Weight decay λ; 0 for parameters without decay.
    public var decay: Float
    /// Bias correction of the first moment, 1 - β₁ᵗ at step t, counted from 1.
    public var correction1: Float
    /// Bias correction of the second moment, 1 - β₂ᵗ.
    public var correction2: Float
    /// Factor by which every gradient is multiplied first, to clip the gradient norm.
    public var gradientScale: Float

    /// Creates the constants of step t.
    ///
    /// - Parameters:
    ///   - rate: Learning rate η.
    ///   - beta1: Decay rate β₁ of the first moment.
    ///   - beta2: Decay rate β₂ of the second moment.
    ///   - epsilon: Constant ε that is added to the square root of the second moment.
    ///   - decay: Weight decay λ.
    ///   - correction1: 1 - β₁ᵗ.
    ///   - correction2: 1 - β₂ᵗ.
    ///   - gradientScale: Factor of every gradient.
    public init(
        rate: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float, correction1: Float, correction2: Float,
        gradientScale: Float
    ) {
        self.rate = rate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.decay = decay
        self.correction1 = correction1
        self.correction2 = correction2
        self.gradientScale = gradientScale
    }

    var parameters: ck_adamw {
        ck_adamw(
            gradient_scale: gradientScale, beta1: beta1, beta2: beta2, root_scale: 1 / correction2.squareRoot(),
            epsilon: epsilon, rate: rate / correction1, keep: 1 - rate * decay)
    }
}

/// Updates a parameter by one step of AdamW.
///
///     m = β₁ · m + (1 - β₁) · g;  v = β₂ · v + (1 - β₂) · g²
///     θ = (1 - η · λ) · θ - η · (m / correction1) / (√(v / correction2) + ε)
///
/// All matrices have the same number of elements.
///
/// - Parameters:
///   - value: The parameter θ.
///   - gradient: The gradient; g is its product with ``AdamWStep/gradientScale``.
///   - first: The first moment m.
///   - second: The second moment v.
///   - step: The constants of the step.
///   - team: Threads that share the work.
public func adamW(
    _ value: inout Matrix, gradient: borrowing Matrix, first: inout Matrix, second: inout Matrix, _ step: AdamWStep,
    team: ThreadTeam
) {
    let count = value.rows * value.columns
    precondition(gradient.rows * gradient.columns == count)
    precondition(first.rows * first.columns == count && second.rows * second.columns == count)
    let (x, g, m, v) = unsafe (value.base, gradient.base, first.base, second.base)
    let (kernels, parameters) = unsafe (Arithmetic.kernels, step.parameters)
    team.forEachBlock(of: count, step: elementsAtATime) { elements, _ in
        let start = elements.lowerBound
        unsafe withUnsafePointer(to: parameters) { step in
            unsafe kernels.adamw(x + start, g + start, m + start, v + start, elements.count, step)
        }
    }
}

/// Returns Σ x². The sums of fixed blocks are added in float64, so the result does not depend on the team.
///
/// - Parameters:
///   - x: A matrix of any shape.
///   - team: Threads that share the work.
/// - Returns: The sum of the squares.
public func squaredNorm(_ x: borrowing Matrix, team: ThreadTeam) -> Double {
    let count = x.rows * x.columns
    let (values, kernels) = unsafe (x.base, Arithmetic.kernels)
    let blocks = (count + elementsAtATime - 1) / elementsAtATime
    return unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, blocks)) { sums in
        let sum = unsafe sums
        team.forEachBlock(of: count, step: elementsAtATime) { elements, _ in
            unsafe sum[elements.lowerBound / elementsAtATime] = kernels.sum_of_squares(
                values + elements.lowerBound, elements.count)
        }
        var total = 0.0
        for block in 0..<blocks { unsafe total += sum[block] }
        return total
    }
}

/// Updates an exponential moving average of parameters: average += share · (value - average).
///
/// - Parameters:
///   - average: The average, of the shape of `value`.
///   - value: The new value.
///   - share: Weight of the new value, in 0 … 1: 1 minus the average's decay.
///   - team: Threads that share the work.
public func moveAverage(
    _ average: inout Matrix, towards value: borrowing Matrix, share: Float, team: ThreadTeam
) {
    let count = value.rows * value.columns
    precondition(average.rows * average.columns == count)
    let (moving, fixed) = unsafe (average.base, value.base)
    let kernels = unsafe Arithmetic.kernels
    team.forEachBlock(of: count, step: elementsAtATime) { elements, _ in
        unsafe kernels.move_average(moving + elements.lowerBound, fixed + elements.lowerBound, share, elements.count)
    }
}
