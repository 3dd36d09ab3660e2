/// One combination of settings with its results so far.
public struct Trial: Sendable, Equatable, Encodable {
    /// The status of a trial.
    public enum Status: String, Sendable, Encodable {
        /// The trial can continue from its saved state.
        case open
        /// The trial was trained to its end.
        case finished
        /// The trial failed.
        case failed
    }

    /// Number, from 1.
    public let number: Int
    /// Settings in the order of the search space.
    public let settings: [Setting]
    /// Number of epochs of the complete schedule.
    public let epochs: Int
    /// The metric on the development data after each completed epoch.
    public package(set) var values: [Double] = []
    /// Working time in seconds.
    public package(set) var seconds = 0.0
    /// Status.
    public package(set) var status = Status.open
    /// The reason for a failure.
    public internal(set) var reason: String?

    package init(number: Int, settings: [Setting] = [], epochs: Int) {
        self.number = number
        self.settings = settings
        self.epochs = epochs
    }

    /// Name of the trial's run within the search.
    public var runName: String { "trial-\(number)" }

    var isOpen: Bool { status == .open }

    /// The value of the best epoch, whose weights are the trial's checkpoint; `nil` if the trial failed or has no epoch yet.
    public var best: Double? { status == .failed ? nil : values.max() }

    /// Returns the best value in the first `epochs` epochs; `nil` if the trial has done fewer or failed.
    func best(within epochs: Int) -> Double? {
        status == .failed || values.count < epochs ? nil : values.prefix(epochs).max()
    }

    /// Estimated time for the remaining epochs in seconds, from the mean time of those completed.
    var secondsLeft: Double {
        guard isOpen, !values.isEmpty else { return 0 }
        return seconds / Double(values.count) * Double(epochs - values.count)
    }
}
