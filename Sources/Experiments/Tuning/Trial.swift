/// One combination of settings, and what came of it so far.
public struct Trial: Sendable, Equatable, Encodable {
    /// Whether it can go on.
    public enum Status: String, Sendable, Encodable {
        /// It can, from its saved state.
        case open
        /// It was trained to its end.
        case finished
        /// It came to an end before its time.
        case failed
    }

    /// From 1.
    public let number: Int
    /// In the space's order.
    public let settings: [Setting]
    /// Of its whole schedule.
    public let epochs: Int
    /// The figure on the development data after each epoch that is done.
    public package(set) var values: [Double] = []
    /// Seconds of work.
    public package(set) var seconds = 0.0
    /// Whether it can go on.
    public package(set) var status = Status.open
    /// Why it failed.
    public internal(set) var reason: String?

    package init(number: Int, settings: [Setting] = [], epochs: Int) {
        self.number = number
        self.settings = settings
        self.epochs = epochs
    }

    /// Its run's, among the tuning's.
    public var runName: String { "trial-\(number)" }

    var isOpen: Bool { status == .open }

    /// The best epoch's value, which is what the trial's checkpoint has; `nil` where it failed or no epoch is done.
    public var best: Double? { status == .failed ? nil : values.max() }

    /// The best value of its first epochs; `nil` where it has not come as far, or ended before.
    func best(within epochs: Int) -> Double? {
        status == .failed || values.count < epochs ? nil : values.prefix(epochs).max()
    }

    /// How long what is left of it takes, by the epochs it has done.
    var secondsLeft: Double {
        guard isOpen, !values.isEmpty else { return 0 }
        return seconds / Double(values.count) * Double(epochs - values.count)
    }
}
