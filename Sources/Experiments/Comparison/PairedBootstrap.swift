internal import Training

/// Confidence intervals and p-values of figures and their differences from resampled test data (Efron & Tibshirani 1993, "An
/// Introduction to the Bootstrap").
///
/// Clusters are drawn with replacement, as many as there are, and every system is measured on the same draw; so what makes an
/// abstract hard for all of them cancels in the difference. Where a system has several runs, they are drawn with
/// replacement too, those of the same places in every system with as many: a figure is the mean over the runs drawn.
///
/// An interval's ends are percentiles of the resampled figures (§13.3). The p-value belongs to the interval: it is one less
/// the largest confidence at which the interval leaves out no difference, 2 · min(#{d* ≤ 0} + 1, #{d* ≥ 0} + 1) / (B + 1), at
/// most 1 (§15.4; the ones are Davison & Hinkley's, 1997, so that it is never 0).
public struct PairedBootstrap: Sendable {
    /// How many times the clusters are drawn, B.
    public var resamples = 10_000
    /// Decides the draws.
    public var seed: UInt64 = 1
    /// How much of the resamples an interval holds.
    public var confidence = 0.95

    /// Ten thousand resamples and intervals of 95%.
    public init() {}

    /// Compares every system with the first.
    public func compare(_ counts: ClusterCounts) -> Comparison {
        let metrics = Metric.all(labels: counts.labels.count)
        let once = [Int](repeating: 1, count: counts.clusters)
        let inPlace = counts.runs.map { Array($0.indices) }
        let values = figures(counts, metrics, weights: once, drawn: inPlace)
        // [metric][system][resample]
        var resampled = [[[Double]]](
            repeating: [[Double]](repeating: [], count: counts.systems.count), count: metrics.count)
        for resample in 0..<resamples {
            var generator = SplitMix64(seed: seed, .bootstrap, resample)
            var weights = [Int](repeating: 0, count: counts.clusters)
            for _ in weights.indices { weights[Int.random(in: weights.indices, using: &generator)] += 1 }
            let drawn = Self.drawRuns(counts.runs.map(\.count), using: &generator)
            for (metric, row) in figures(counts, metrics, weights: weights, drawn: drawn).enumerated() {
                for (system, value) in row.enumerated() { resampled[metric][system].append(value) }
            }
        }
        return Comparison(
            systems: counts.systems, runs: counts.runs.map(\.count), labels: counts.labels,
            areExclusive: counts.areExclusive, clusters: counts.clusters, items: counts.items, resamples: resamples,
            seed: seed, confidence: confidence,
            figures: metrics.indices.map { metric in
                Comparison.Figure(
                    metric: metrics[metric].name, label: metrics[metric].label(among: counts.labels),
                    results: results(counts.systems, values[metric], resampled[metric]))
            })
    }

    /// `[metric][system]` where clusters count `weights` times and each system is the mean of the runs drawn.
    private func figures(
        _ counts: ClusterCounts, _ metrics: [Metric], weights: [Int], drawn: [[Int]]
    ) -> [[Double]] {
        let systems = zip(counts.runs, drawn).map { runs, drawn in
            let sums = runs.map { counts.sum($0, weights: weights) }
            return metrics.map { metric in
                let values = sums.map { metric.value(of: $0) }
                return drawn.reduce(0) { $0 + values[$1] } / Double(drawn.count)
            }
        }
        return metrics.indices.map { metric in systems.map { $0[metric] } }
    }

    /// Which of its runs each system is made of; systems with equally many get the same.
    private static func drawRuns(_ counts: [Int], using generator: inout SplitMix64) -> [[Int]] {
        var drawn: [Int: [Int]] = [:]
        return counts.map { count in
            if let runs = drawn[count] { return runs }
            let runs = count == 1 ? [0] : (0..<count).map { _ in Int.random(in: 0..<count, using: &generator) }
            drawn[count] = runs
            return runs
        }
    }

    private func results(
        _ systems: [String], _ values: [Double], _ resampled: [[Double]]
    ) -> [Comparison.Result] {
        let differences = systems.indices.dropFirst().map { system in
            let differences = zip(resampled[system], resampled[0]).map { $0 - $1 }
            return Comparison.Difference(
                estimate: estimate(values[system] - values[0], differences), p: Self.p(differences), correctedP: 1)
        }
        let corrected = holmCorrected(differences.map(\.p))
        return systems.indices.map { system in
            var result = Comparison.Result(
                system: systems[system], estimate: estimate(values[system], resampled[system]))
            if system > 0 {
                result.difference = differences[system - 1]
                result.difference?.correctedP = corrected[system - 1]
            }
            return result
        }
    }

    private func estimate(_ value: Double, _ resampled: [Double]) -> Comparison.Estimate {
        let sorted = resampled.sorted()
        return Comparison.Estimate(
            value: value, lower: quantile(sorted, (1 - confidence) / 2), upper: quantile(sorted, (1 + confidence) / 2))
    }

    private static func p(_ differences: [Double]) -> Double {
        let below = differences.count { $0 <= 0 }
        let above = differences.count { $0 >= 0 }
        return min(1, 2 * Double(min(below, above) + 1) / Double(differences.count + 1))
    }
}

/// The value below which a share of others lies, between two of them in proportion (Hyndman & Fan 1996, type 7, as numpy's).
///
/// - Parameters:
///   - sorted: Ascending, at least one.
///   - share: From 0 to 1.
/// - Returns: The lowest for 0, the highest for 1.
func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}
