public import Kernels
public import Model

/// An exponential moving average of a network's parameters, which generalises better than their last values (Polyak &
/// Juditsky 1992; Tarvainen & Valpola 2017).
public final class WeightAverage {
    /// The average of one parameter.
    package final class Average {
        package var value: Matrix

        init(_ parameter: Parameter) {
            value = Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
            value.assign(parameter.value)
        }
    }

    package let averages: [Average]
    private let parameters: [Parameter]
    private let decay: Double

    /// Creates an average that starts with the current values of the parameters.
    ///
    /// - Parameters:
    ///   - parameters: The parameters of the network.
    ///   - decay: The factor with which the average is multiplied in each step, above 0 and below 1.
    public init(_ parameters: [Parameter], decay: Double) {
        self.parameters = parameters
        self.decay = decay
        averages = parameters.map(Average.init)
    }

    /// Returns the decay at a step, counted from 0. It is smaller in the first steps, so that the initial values are
    /// soon forgotten.
    public func decay(at step: Int) -> Double {
        min(decay, Double(1 + step) / Double(10 + step))
    }

    /// Moves the average towards the parameters.
    ///
    /// - Parameters:
    ///   - step: The index of the completed step, from 0.
    ///   - team: The threads that share the work.
    public func update(_ step: Int, team: ThreadTeam) {
        let share = Float(1 - decay(at: step))
        for (average, parameter) in zip(averages, parameters) {
            moveAverage(&average.value, towards: parameter.value, share: share, team: team)
        }
    }

    /// Calls `body` while the network uses the averaged parameters.
    public func withAveragedParameters<Result>(_ body: () throws -> Result) rethrows -> Result {
        exchange()
        defer { exchange() }
        return try body()
    }

    private func exchange() {
        for (average, parameter) in zip(averages, parameters) { swap(&average.value, &parameter.value) }
    }
}
