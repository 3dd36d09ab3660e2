/// A learning-rate schedule: a linear warm-up to the peak rate, followed by a linear decay to 0.
public struct LearningRateSchedule: Sendable, Equatable {
    /// The number of steps in the whole run.
    public let steps: Int
    /// The number of warm-up steps.
    public let warmUpSteps: Int

    /// Creates a schedule.
    ///
    /// - Parameters:
    ///   - steps: The number of steps in the whole run.
    ///   - warmUp: The fraction of the steps used for warm-up, 0 to 1.
    public init(steps: Int, warmUp: Double) {
        self.steps = steps
        warmUpSteps = Int((Double(steps) * warmUp).rounded())
    }

    /// Returns the factor of the peak rate for a step, equal to that of `transformers.get_linear_schedule_with_warmup`.
    ///
    /// - Parameter step: The index of the step, from 0.
    /// - Returns: The factor, 0 to 1.
    public func factor(at step: Int) -> Double {
        if step < warmUpSteps { return Double(step) / Double(warmUpSteps) }
        return max(0, Double(steps - step) / Double(max(1, steps - warmUpSteps)))
    }
}
