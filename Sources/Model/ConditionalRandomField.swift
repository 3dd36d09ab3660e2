import Glibc

/// A linear-chain conditional random field (Lafferty, McCallum & Pereira 2001) over n sentences and C labels.
///
///     score(y) = start[y1] + Σ_t emission[t, yt] + Σ_t transitions[y(t-1), yt] + end[yn]
///
/// Computed in float64: chains are short and their products are long.
public struct ConditionalRandomField: Sendable, Equatable {
    /// `[from][to]`, C by C.
    public let transitions: [[Double]]
    /// `[C]`
    public let start: [Double]
    /// `[C]`
    public let end: [Double]

    /// Takes C start scores, C end scores and C by C transitions.
    public init(transitions: [[Double]], start: [Double], end: [Double]) {
        precondition(start.count == end.count && transitions.count == start.count)
        precondition(transitions.allSatisfy { $0.count == start.count })
        self.transitions = transitions
        self.start = start
        self.end = end
    }

    /// C.
    public var labels: Int { start.count }

    /// The labelling of highest score (Viterbi 1967).
    ///
    /// - Parameters:
    ///   - emissions: `[n][C]`.
    ///   - allowed: The labels each sentence may take, `[n]`.
    /// - Returns: `[n]` label indices; the lowest index where scores are equal.
    public func viterbi(emissions: [[Double]], allowed: [LabelSubset]) -> [Int] {
        guard var scores = emissions.first.map({ first in zip(start, first).map { $0 + $1 } }) else { return [] }
        restrict(&scores, to: allowed[0])
        var cameFrom: [[Int]] = []
        cameFrom.reserveCapacity(emissions.count)
        for t in emissions.indices.dropFirst() {
            var next = [Double](repeating: 0, count: labels)
            var from = [Int](repeating: 0, count: labels)
            for to in 0..<labels {
                for candidate in 1..<max(1, labels)
                where scores[candidate] + transitions[candidate][to] > scores[from[to]] + transitions[from[to]][to] {
                    from[to] = candidate
                }
                next[to] = scores[from[to]] + transitions[from[to]][to] + emissions[t][to]
            }
            restrict(&next, to: allowed[t])
            scores = next
            cameFrom.append(from)
        }
        var label = 0
        for candidate in 1..<max(1, labels) where scores[candidate] + end[candidate] > scores[label] + end[label] {
            label = candidate
        }
        var path = [label]
        for from in cameFrom.reversed() {
            label = from[label]
            path.append(label)
        }
        return path.reversed()
    }

    /// Every sentence's distribution over the labels, by the forward-backward algorithm (Baum et al. 1970).
    ///
    /// - Parameters:
    ///   - emissions: `[n][C]`.
    ///   - allowed: The labels each sentence may take, `[n]`.
    /// - Returns: The log of Σ exp score(y) over the allowed labellings, and `[n][C]` marginals that sum to 1.
    public func marginals(
        emissions: [[Double]], allowed: [LabelSubset]
    ) -> (logPartition: Double, marginals: [[Double]]) {
        guard !emissions.isEmpty else { return (0, []) }
        var forward: [[Double]] = []
        forward.reserveCapacity(emissions.count)
        for t in emissions.indices {
            var scores =
                if let last = forward.last {
                    (0..<labels).map { to in
                        logSumExp((0..<labels).map { last[$0] + transitions[$0][to] }) + emissions[t][to]
                    }
                } else {
                    zip(start, emissions[t]).map { $0 + $1 }
                }
            restrict(&scores, to: allowed[t])
            forward.append(scores)
        }
        var backward = end
        let logPartition = logSumExp(zip(forward[emissions.count - 1], end).map { $0 + $1 })
        var marginals = forward
        for t in emissions.indices.reversed() {
            let joint = zip(forward[t], backward).map { $0 + $1 }
            // Normalised by its own sum, so that rounding never makes a row sum to anything but 1.
            let total = logSumExp(joint)
            marginals[t] = joint.map { exp($0 - total) }
            var arriving = zip(emissions[t], backward).map { $0 + $1 }
            restrict(&arriving, to: allowed[t])
            backward = (0..<labels).map { from in
                logSumExp((0..<labels).map { transitions[from][$0] + arriving[$0] })
            }
        }
        return (logPartition, marginals)
    }

    private func restrict(_ scores: inout [Double], to allowed: LabelSubset) {
        for label in scores.indices where !allowed.contains(label) { scores[label] = -.infinity }
    }

    private func logSumExp(_ values: [Double]) -> Double {
        let peak = values.max() ?? -.infinity
        guard peak > -.infinity else { return peak }
        return peak + log(values.reduce(0) { $0 + exp($1 - peak) })
    }
}
