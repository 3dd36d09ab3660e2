import Glibc

/// A linear-chain conditional random field (Lafferty, McCallum & Pereira 2001) over n sentences and C labels.
///
///     score(y) = start[y1] + Σ_t emission[t, yt] + Σ_t transitions[y(t-1), yt] + end[yn]
///
/// Scores are computed in float64, because they grow with the length of the chain.
public struct ConditionalRandomField: Sendable, Equatable {
    /// Score of each pair of consecutive labels, `[from][to]`, C by C.
    public let transitions: [[Double]]
    /// Score of each label for the first sentence, `[C]`.
    public let start: [Double]
    /// Score of each label for the last sentence, `[C]`.
    public let end: [Double]

    /// Creates a field from its scores.
    ///
    /// - Parameters:
    ///   - transitions: Score of each pair of consecutive labels, `[from][to]`, C by C.
    ///   - start: Score of each label for the first sentence, `[C]`.
    ///   - end: Score of each label for the last sentence, `[C]`.
    public init(transitions: [[Double]], start: [Double], end: [Double]) {
        precondition(start.count == end.count && transitions.count == start.count)
        precondition(transitions.allSatisfy { $0.count == start.count })
        self.transitions = transitions
        self.start = start
        self.end = end
    }

    /// Number of labels, C.
    public var labels: Int { start.count }

    /// Returns the labelling with the highest score (Viterbi 1967).
    ///
    /// - Parameters:
    ///   - emissions: Score of each label for each sentence, `[n][C]`.
    ///   - allowed: Labels that each sentence may take, `[n]`.
    /// - Returns: Label indices, `[n]`. Equal scores are resolved in favour of the lowest index.
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

    private func restrict(_ scores: inout [Double], to allowed: LabelSubset) {
        for label in scores.indices where !allowed.contains(label) { scores[label] = -.infinity }
    }

    /// Computes each sentence's distribution over the labels with the forward-backward algorithm (Baum et al. 1970).
    ///
    /// - Parameters:
    ///   - emissions: Score of each label for each sentence, `[n][C]`.
    ///   - allowed: Labels that each sentence may take, `[n]`.
    ///   - temperature: T, above 0. Probabilities are proportional to exp(score(y) / T) (Guo et al. 2017).
    /// - Returns: The log of Σ exp(score(y) / T) over the allowed labellings, and the marginals, `[n][C]`, whose rows
    ///   sum to 1.
    public func marginals(
        emissions: [[Double]], allowed: [LabelSubset], temperature: Double = 1
    ) -> (logPartition: Double, marginals: [[Double]]) {
        func cooled(_ rows: [[Double]]) -> [[Double]] {
            temperature == 1 ? rows : rows.map { $0.map { $0 / temperature } }
        }
        let ends = cooled([start, end])
        let field = ConditionalRandomField(transitions: cooled(transitions), start: ends[0], end: ends[1])
        let lattice = Lattice(field, emissions: cooled(emissions), allowed: allowed)
        return (lattice.logPartition, lattice.marginals)
    }
}

/// The forward and backward log scores of one sequence, `[n][C]`.
///
/// `forward[t][y]` sums over all labellings of the sentences up to t in which t has label y. `backward[t][y]` sums over
/// all labellings of the sentences after t, given that t has label y.
struct Lattice {
    let forward: [[Double]]
    let backward: [[Double]]
    /// The log of Σ exp score(y) over the allowed labellings.
    let logPartition: Double

    init(_ field: ConditionalRandomField, emissions: [[Double]], allowed: [LabelSubset]) {
        let (labels, transitions) = (0..<field.labels, field.transitions)
        func restricted(_ scores: [Double], at t: Int) -> [Double] {
            zip(labels, scores).map { allowed[t].contains($0) ? $1 : -.infinity }
        }
        var forward: [[Double]] = []
        forward.reserveCapacity(emissions.count)
        for t in emissions.indices {
            let scores =
                if let last = forward.last {
                    labels.map { to in logSumExp(labels.map { last[$0] + transitions[$0][to] }) + emissions[t][to] }
                } else {
                    zip(field.start, emissions[t]).map { $0 + $1 }
                }
            forward.append(restricted(scores, at: t))
        }
        var backward = emissions
        if let last = emissions.indices.last { backward[last] = field.end }
        for t in emissions.indices.dropLast().reversed() {
            let arriving = restricted(zip(emissions[t + 1], backward[t + 1]).map { $0 + $1 }, at: t + 1)
            backward[t] = labels.map { from in logSumExp(labels.map { transitions[from][$0] + arriving[$0] }) }
        }
        logPartition = forward.last.map { logSumExp(zip($0, field.end).map { $0 + $1 }) } ?? 0
        self.forward = forward
        self.backward = backward
    }

    /// The marginals P(y_t = y), `[n][C]`. Each row is divided by its own sum, so that rounding errors cannot add up.
    var marginals: [[Double]] {
        zip(forward, backward).map { forward, backward in
            let joint = zip(forward, backward).map { $0 + $1 }
            let total = logSumExp(joint)
            return joint.map { exp($0 - total) }
        }
    }

    /// Returns the expected number of each transition, Σ_t P(y_t = from, y_(t+1) = to), `[C][C]`.
    func expectedTransitions(_ field: ConditionalRandomField, emissions: [[Double]]) -> [[Double]] {
        var expected = field.transitions.map { $0.map { _ in 0.0 } }
        for t in emissions.indices.dropFirst() {
            for from in expected.indices {
                for to in expected.indices where forward[t][to] > -.infinity {
                    expected[from][to] += exp(
                        forward[t - 1][from] + field.transitions[from][to] + emissions[t][to] + backward[t][to]
                            - logPartition)
                }
            }
        }
        return expected
    }
}

private func logSumExp(_ values: [Double]) -> Double {
    let peak = values.max() ?? -.infinity
    guard peak > -.infinity else { return peak }
    return peak + log(values.reduce(0) { $0 + exp($1 - peak) })
}
