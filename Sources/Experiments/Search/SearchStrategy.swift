internal import Training

/// How the next combination to try is chosen.
public enum SearchStrategy: String, Sendable, Codable, CaseIterable {
    /// Evenly (Bergstra & Bengio 2012).
    case random
    /// Where a Gaussian process of what was found so far expects the largest improvement (Snoek, Larochelle & Adams 2012); the first
    /// few evenly.
    case bayesian

    /// Settings that were tried, and how good they are.
    public struct Observation: Sendable, Equatable {
        /// In the space's order.
        public var settings: [Setting]
        /// The higher the better.
        public var value: Double

        /// An observation.
        public init(settings: [Setting], value: Double) {
            self.settings = settings
            self.value = value
        }
    }

    /// The points among which the largest expected improvement is looked for.
    private static let candidates = 2_000
    /// As many around each of the best few.
    private static let neighbours = 50
    private static let bestFew = 4
    /// How often an untried combination is drawn for before there are taken to be none.
    private static let draws = 1_000

    /// The combination to try next.
    ///
    /// - Parameters:
    ///   - space: What may be tried.
    ///   - tried: What was begun already, whatever came of it.
    ///   - observations: What came of some of it.
    ///   - seed: Of the search.
    /// - Returns: Settings that were not tried, the same for the same arguments; `nil` where all were.
    public func proposal(
        in space: SearchSpace, tried: [[Setting]], observations: [Observation], seed: UInt64
    ) -> [Setting]? {
        if let count = space.count, tried.count >= count { return nil }
        var generator = SplitMix64(seed: seed, .search, tried.count)
        let isModelled = self == .bayesian && observations.count >= space.dimensions.count + 2
        guard isModelled else { return Self.untried(in: space, tried, using: &generator) }
        var points = (0..<Self.candidates).map { _ in space.point(using: &generator) }.map(space.settings)
        // Near the best ones improvements are small and sure, and seldom hit by chance.
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

    /// Settings near others: numbers a little to either side, now and then another choice.
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
