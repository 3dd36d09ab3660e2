/// The throughput and loss of the last steps, as exponential moving averages.
struct TrainingSpeed {
    private var tokens = 0.0
    private var seconds = 0.0
    private var steps = 0.0
    private(set) var recentLoss: Double?

    /// The decay of the averages in each step.
    private static let memory = 0.97

    mutating func add(tokens: Int, seconds: Double, loss: Double) {
        self.tokens = Self.memory * self.tokens + Double(tokens)
        self.seconds = Self.memory * self.seconds + seconds
        steps = Self.memory * steps + 1
        recentLoss = recentLoss.map { Self.memory * $0 + (1 - Self.memory) * loss } ?? loss
    }

    var tokensPerSecond: Double { seconds > 0 ? tokens / seconds : 0 }
    var secondsPerStep: Double { steps > 0 ? seconds / steps : 0 }
}
