import Baselines
import TestSupport
import Testing

@Suite("Averaged stochastic gradient descent")
struct AveragedDescentTests {
    /// The same algorithm without lazy updates: it changes every weight at every step.
    private struct Plain {
        var weights: [[Double]]
        var bias: [Double]
        var mean: [[Double]]
        var meanBias: [Double]
        var steps = 0
        var averaged: Int?

        init(columns: Int, labels: Int) {
            weights = Array(repeating: Array(repeating: 0, count: labels), count: columns)
            bias = Array(repeating: 0, count: labels)
            (mean, meanBias) = (weights, bias)
        }

        mutating func step(_ row: [Double], gradient: [Double], rate: Double, l2: Double) {
            let base = 1 + l2 * rate * Double(steps)
            let step = rate / (base.squareRoot() * base.squareRoot().squareRoot())
            steps += 1
            for label in gradient.indices {
                for column in row.indices {
                    weights[column][label] =
                        weights[column][label] * (1 - step * l2) - step * gradient[label] * row[column]
                }
                bias[label] -= step * gradient[label]
            }
            averaged = averaged.map { $0 + 1 }
            let share = averaged.map { 1 / Double($0) } ?? 1
            for label in gradient.indices {
                for column in row.indices {
                    mean[column][label] += share * (weights[column][label] - mean[column][label])
                }
                meanBias[label] += share * (bias[label] - meanBias[label])
            }
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let l2: Double
        /// The first averaged step; `nil` for no averaging.
        let averagedFrom: Int?
        var testDescription: String { "λ \(l2), averaged from \(averagedFrom.map(String.init) ?? "never")" }
    }

    @Test(
        "Lazily updated weights and means match the plain formulas",
        arguments: [
            Row(l2: 0, averagedFrom: 0), Row(l2: 1e-3, averagedFrom: nil), Row(l2: 1e-3, averagedFrom: 50),
            // The divisor exceeds its limit several times.
            Row(l2: 0.2, averagedFrom: 100),
        ])
    func lazy(_ row: Row) {
        var generator = SeededGenerator(seed: 5)
        let (columns, labels) = (7, 3)
        var plain = Plain(columns: columns, labels: labels)
        var descent = AveragedDescent(columns: columns, labels: labels, rate: 0.5, l2: row.l2)
        var scores = [Double](repeating: 0, count: labels)
        for step in 0..<400 {
            if step == row.averagedFrom {
                plain.averaged = 0
                descent.beginAveraging()
            }
            let dense = (0..<columns).map { _ in
                Bool.random(using: &generator) ? Double(Float.random(in: -1...1, using: &generator)) : 0
            }
            var rows = SparseRows(columns: columns)
            for (column, value) in dense.enumerated() where value != 0 { rows.append(Float(value), at: column) }
            rows.endRow()
            descent.scores(rows, 0, into: &scores)
            for label in 0..<labels {
                let expected = dense.indices.reduce(plain.bias[label]) { $0 + dense[$1] * plain.weights[$1][label] }
                #expect(abs(scores[label] - expected) < 1e-9)
            }
            let gradient = (0..<labels).map { _ in Double.random(in: -1...1, using: &generator) }
            plain.step(dense, gradient: gradient, rate: 0.5, l2: row.l2)
            descent.step(rows, 0, gradient: gradient)
        }
        let found = descent.mean
        for column in 0..<columns {
            for label in 0..<labels {
                #expect(abs(Double(found.weights[column * labels + label]) - plain.mean[column][label]) < 1e-5)
            }
        }
        for label in 0..<labels { #expect(abs(Double(found.bias[label]) - plain.meanBias[label]) < 1e-6) }
    }
}
