import Corpora
internal import Training

/// A strategy for choosing the next combination to try.
public enum SearchStrategy: String, Sendable, Codable, CaseIterable {
    /// Random search: uniform draws (Bergstra & Bengio 2012).
    case random
    /// Bayesian optimisation: the combination for which a Gaussian process, fitted to the results so far, expects the
    /// largest improvement (Snoek, Larochelle & Adams 2012). The first few combinations are drawn uniformly.
    case bayesian

    /// Settings that were tried, with their result.
    public struct Observation: Sendable, Equatable {
        /// Settings in the order of the space.
        public var settings: [Setting]
        /// Result; higher is better.
        public var value: Double

        /// Creates an observation.
        public init(settings: [Setting], value: Double) {
            self.settings = settings
            self.value = value
        }
    }

    /// The number of random candidates for the largest expected improvement.
    private static let candidates = 2_000
    /// The number of additional candidates near each of the best few observations.
    private static let neighbours = 50
    private static let bestFew = 4
    /// The number of attempts to draw an untried combination before giving up.
    private static let draws = 1_000

    /// Returns the combination to try next.
    ///
    /// - Parameters:
    ///   - space: The space to search.
    ///   - tried: The combinations tried so far, with or without a result.
    ///   - observations: The results so far.
    ///   - seed: The seed of the search.
    /// - Returns: Untried settings, always the same for the same arguments; `nil` if all have been tried.
    public func proposal(
        in space: SearchSpace, tried: [[Setting]], observations: [Observation], seed: UInt64
    ) -> [Setting]? {
        if let count = space.count, tried.count >= count { return nil }
        var generator = SplitMix64(seed: seed, .search, tried.count)
        let isModelled = self == .bayesian && observations.count >= space.dimensions.count + 2
        guard isModelled else { return Self.untried(in: space, tried, using: &generator) }
        var points = (0..<Self.candidates).map { _ in space.point(using: &generator) }.map(space.settings)
        // Improvements near the best observations are small but likely, and random candidates rarely fall there.
        for best in observations.sorted(by: { $0.value > $1.value }).prefix(Self.bestFew) {
            for _ in 0..<Self.neighbours {
                points.append(Self.neighbour(of: best.settings, in: space, using: &generator))
            }
        }
        points.removeAll(where: tried.contains)
        let process = GaussianProcess.fitted(
            inputs: observations.map { space.coordinates(of: $0.settings) }, targets: observations.map(\.value))
        let best = observations.map { process.prediction(at: space.coordinates(of: $0.settings)).mean }.max() ?? 0
        let improvements = points.map { point in
            process.prediction(at: space.coordinates(of: point)).expectedImprovement(over: best)
        }
        guard let highest = improvements.indices.max(by: { improvements[$0] < improvements[$1] }),
            improvements[highest] > 0
        else {
            return Self.untried(in: space, tried, using: &generator)
        }
        return points[highest]
    }

    private static func untried(
        in space: SearchSpace, _ tried: [[Setting]], using generator: inout SplitMix64
    ) -> [Setting]? {
        for _ in 0..<draws {
            let settings = space.settings(at: space.point(using: &generator))
            if !tried.contains(settings) { return settings }
        }
        return nil
    }

    /// Returns settings near others: numbers are moved slightly, and a choice is changed with probability 0.2.
    private static func neighbour(
        of settings: [Setting], in space: SearchSpace, using generator: inout SplitMix64
    ) -> [Setting] {
        zip(space.dimensions, settings).map { dimension, setting in
            let draw = Double.random(in: 0..<1, using: &generator)
            if case .choices = dimension.values {
                let isChanged = Double.random(in: 0..<1, using: &generator) < 0.2
                return isChanged ? Setting(option: setting.option, value: dimension.value(at: draw)) : setting
            }
            let place = dimension.coordinates(of: setting.value)[0] + 0.1 * (2 * draw - 1)
            return Setting(option: setting.option, value: dimension.value(at: min(max(place, 0), 1 - 1e-9)))
        }
    }
}
