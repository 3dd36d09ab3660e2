import Corpora
internal import Training

/// A paired bootstrap: confidence intervals and p-values of metrics and their differences from resampled test data
/// (Efron & Tibshirani 1993, "An Introduction to the Bootstrap").
///
/// A resample draws as many clusters as there are, with replacement, and measures every system on the same draw. The
/// difficulty of an abstract for all systems thus cancels in the difference. The runs of a system with several runs are
/// also drawn with replacement, at the same indices for all systems with that number of runs; the metric is the mean over
/// the drawn runs.
///
/// The ends of an interval are percentiles of the resampled metrics (§13.3). The p-value matches the interval: it is one
/// minus the largest confidence level at which the interval excludes zero, 2 · min(#{d* ≤ 0} + 1, #{d* ≥ 0} + 1) / (B + 1),
/// at most 1 (§15.4). The added ones follow Davison & Hinkley (1997) and keep it above 0.
public struct PairedBootstrap: Sendable {
    /// Number of resamples, B.
    public var resamples = 10_000
    /// Seed of the resampling.
    public var seed: UInt64 = 1
    /// Confidence level of the intervals.
    public var confidence = 0.95

    /// Creates a bootstrap with 10,000 resamples and 95% intervals.
    public init() {}

    /// Compares all systems with the first.
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

    /// Returns the metrics of one resample, `[metric][system]`: each cluster counts `weights` times, and the metric of a
    /// system is the mean over its drawn runs.
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

    /// Draws the runs of each system; systems with the same number of runs get the same indices.
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

/// Returns a quantile, interpolated linearly between neighbours (Hyndman & Fan 1996, type 7, the default of numpy).
///
/// - Parameters:
///   - sorted: The values in ascending order, at least one.
///   - share: The fraction of the values below the quantile, from 0 to 1.
/// - Returns: The quantile: the lowest value for 0, the highest for 1.
func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}
