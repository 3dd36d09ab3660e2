public import Kernels
public import Model

/// An exponential moving average of a network's parameters, which generalises better than the last of them (Polyak &
/// Juditsky 1992; Tarvainen & Valpola 2017).
public final class WeightAverage {
    /// One parameter's average.
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

    /// An average that begins as the parameters are.
    ///
    /// - Parameters:
    ///   - parameters: Of the network.
    ///   - decay: What an average keeps of itself in a step, above 0 and below 1.
    public init(_ parameters: [Parameter], decay: Double) {
        self.parameters = parameters
        self.decay = decay
        averages = parameters.map(Average.init)
    }

    /// What the average keeps of itself at a step, counted from 0: less at first, when it would still remember the start.
    public func decay(at step: Int) -> Double {
        min(decay, Double(1 + step) / Double(10 + step))
    }

    /// Moves the average towards the parameters.
    ///
    /// - Parameters:
    ///   - step: The step that was taken, from 0.
    ///   - team: Shares the work.
    public func update(_ step: Int, team: ThreadTeam) {
        let share = Float(1 - decay(at: step))
        for (average, parameter) in zip(averages, parameters) {
            moveAverage(&average.value, towards: parameter.value, share: share, team: team)
        }
    }

    /// Calls `body` while the network's parameters are the average.
    public func withAveragedParameters<Result>(_ body: () throws -> Result) rethrows -> Result {
        exchange()
        defer { exchange() }
        return try body()
    }

    private func exchange() {
        for (average, parameter) in zip(averages, parameters) { swap(&average.value, &parameter.value) }
    }
}
