/// The learning rate's share of its peak at each step: a linear rise, then a linear fall to 0.
public struct LearningRateSchedule: Sendable, Equatable {
    /// The steps of a whole run.
    public let steps: Int
    /// The steps in which the rate rises.
    public let warmUpSteps: Int

    /// A schedule.
    ///
    /// - Parameters:
    ///   - steps: Of the whole run.
    ///   - warmUp: The share of them in which the rate rises, 0 to 1.
    public init(steps: Int, warmUp: Double) {
        self.steps = steps
        warmUpSteps = Int((Double(steps) * warmUp).rounded())
    }

    /// The share of the peak rate that a step is taken with, as `transformers.get_linear_schedule_with_warmup` gives it.
    ///
    /// - Parameter step: From 0.
    /// - Returns: 0 to 1.
    public func factor(at step: Int) -> Double {
        if step < warmUpSteps { return Double(step) / Double(warmUpSteps) }
        return max(0, Double(steps - step) / Double(max(1, steps - warmUpSteps)))
    }
}
