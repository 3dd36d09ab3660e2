import FoundationEssentials
import Glibc
import Model
import TestSupport
import Testing

@Suite("Conditional random field")
struct ConditionalRandomFieldTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let sentences: Int
        let labels: Int
        var allowed: [Int: [Int]] = [:]
        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "one sentence", sentences: 1, labels: 5),
        Row(name: "six sentences of three labels", sentences: 6, labels: 3),
        Row(name: "one label", sentences: 4, labels: 1),
        Row(name: "two sentences with one allowed label", sentences: 5, labels: 4, allowed: [1: [2], 4: [0]]),
        Row(name: "two sentences with two allowed labels", sentences: 5, labels: 4, allowed: [0: [1, 3], 2: [0, 1]]),
    ]

    @Test("Viterbi and forward-backward agree with the enumeration of all labellings", arguments: rows)
    func enumeration(_ row: Row) {
        var generator = SeededGenerator(seed: 5)
        func scores(_ count: Int) -> [Double] { (0..<count).map { _ in .random(in: -3...3, using: &generator) } }
        let field = ConditionalRandomField(
            transitions: (0..<row.labels).map { _ in scores(row.labels) }, start: scores(row.labels),
            end: scores(row.labels))
        let emissions = (0..<row.sentences).map { _ in scores(row.labels) }
        let allowed = (0..<row.sentences).map { row.allowed[$0].map(LabelSubset.init) ?? .all }

        var partition = 0.0
        var marginals = emissions.map { $0.map { _ in 0.0 } }
        var best: (score: Double, path: [Int]) = (-.infinity, [])
        var path = [Int](repeating: 0, count: row.sentences)
        labellings: while true {
            if zip(path, allowed).allSatisfy({ $1.contains($0) }) {
                var score = field.start[path[0]] + field.end[path[path.count - 1]]
                for t in path.indices {
                    score += emissions[t][path[t]] + (t > 0 ? field.transitions[path[t - 1]][path[t]] : 0)
                }
                partition += exp(score)
                for t in path.indices { marginals[t][path[t]] += exp(score) }
                if score > best.score { best = (score, path) }
            }
            for t in path.indices {
                path[t] += 1
                if path[t] < row.labels { continue labellings }
                path[t] = 0
            }
            break
        }
        let found = field.marginals(emissions: emissions, allowed: allowed)
        #expect(field.viterbi(emissions: emissions, allowed: allowed) == best.path)
        #expect(abs(found.logPartition - log(partition)) < 1e-9)
        #expect(largestDifference(found.marginals, marginals.map { $0.map { $0 / partition } }) < 1e-9)
    }

    @Test("An empty sequence has no labels and no marginals")
    func empty() {
        let field = ConditionalRandomField(transitions: [[0]], start: [0], end: [0])
        #expect(field.viterbi(emissions: [], allowed: []).isEmpty)
        #expect(field.marginals(emissions: [], allowed: []).marginals.isEmpty)
    }

    @Test("Marginals sum to 1 for a sequence of 100,000 sentences")
    func long() {
        let field = ConditionalRandomField(transitions: [[0.5, -2], [-1, 0.25]], start: [0, 0], end: [0, 0])
        let emissions = (0..<100_000).map { [Double($0 % 7), Double($0 % 5)] }
        let free = [LabelSubset](repeating: .all, count: emissions.count)
        let marginals = field.marginals(emissions: emissions, allowed: free).marginals
        // The scores grow to about 1e6. At that size, float64 has ten decimal places.
        #expect(marginals.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 })
        #expect(field.viterbi(emissions: emissions, allowed: free).count == emissions.count)
    }
}
