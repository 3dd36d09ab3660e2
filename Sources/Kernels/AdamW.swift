internal import CKernels

/// One step of AdamW (Loshchilov & Hutter 2019, algorithm 2), as `torch.optim.AdamW` takes it.
public struct AdamWStep: Sendable {
    /// The learning rate η.
    public var rate: Float
    /// The first moment's decay β₁.
    public var beta1: Float
    /// The second moment's decay β₂.
    public var beta2: Float
    /// Added to the second moment's root.
    public var epsilon: Float
    /// The weight decay λ; 0 where a parameter has none.
    public var decay: Float
    /// 1 - β₁ᵗ at step t, counted from 1.
    public var correction1: Float
    /// 1 - β₂ᵗ
    public var correction2: Float
    /// By which every gradient is multiplied first: what clipping its norm asks for.
    public var gradientScale: Float

    /// Takes the constants of step t.
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

/// θ = (1 - η · λ) · θ - η · (m / correction1) / (√(v / correction2) + ε), after m = β₁ · m + (1 - β₁) · g and
/// v = β₂ · v + (1 - β₂) · g².
///
/// - Parameters:
///   - value: θ
///   - gradient: g, before its scale.
///   - first: m
///   - second: v
///   - step: The constants.
///   - team: Shares out the elements.
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

/// Σ x², in fixed blocks whose sums are added in float64.
///
/// - Parameters:
///   - x: Any shape.
///   - team: Shares out the blocks.
/// - Returns: The sum.
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

/// average += share · (value - average): an exponential moving average of parameters.
///
/// - Parameters:
///   - average: As the value.
///   - value: Any shape.
///   - share: In 0 … 1; 1 - the average's decay.
///   - team: Shares out the elements.
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
