import Glibc

/// Averaged stochastic gradient descent with an L2 penalty on sparse rows (Polyak & Juditsky 1992; Xu 2011).
///
/// The result is the mean of the weights of all steps since ``beginAveraging()``. The penalty and the mean change every
/// weight at every step, but a step touches only the columns of its row: the weights are stored as `weights / divisor`
/// and their mean as `(sums + share · weights) / sumDivisor` (Bottou 2012, §5).
package struct AveragedDescent {
    private let labels: Int
    /// Scaled weights, `[columns, labels]`.
    private var weights: [Double]
    private var divisor = 1.0
    private var sums: [Double]
    private var sumDivisor = 1.0
    private var share = 1.0
    /// Bias, which has no penalty, `[labels]`.
    private var bias: [Double]
    private var meanBias: [Double]
    private var steps = 0
    private var averagedSteps: Int?
    private let rate: Double
    private let l2: Double

    /// The largest divisor; beyond it the divisors are multiplied into the weights and sums.
    private static let largest = 1e5

    /// Creates weights that are all zero.
    package init(columns: Int, labels: Int, rate: Double, l2: Double) {
        self.labels = labels
        self.rate = rate
        self.l2 = l2
        weights = [Double](repeating: 0, count: columns * labels)
        sums = weights
        bias = [Double](repeating: 0, count: labels)
        meanBias = bias
    }

    /// Starts averaging with the next step; until then the mean equals the current weights.
    package mutating func beginAveraging() { averagedSteps = 0 }

    /// Writes W · x + b for a row to `scores`, `[labels]`.
    package func scores(_ rows: SparseRows, _ row: Int, into scores: inout [Double]) {
        for label in 0..<labels { scores[label] = 0 }
        for index in rows.range(row) {
            let (value, start) = (Double(rows.values[index]), Int(rows.places[index]) * labels)
            for label in 0..<labels { scores[label] += value * weights[start + label] }
        }
        for label in 0..<labels { scores[label] = scores[label] / divisor + bias[label] }
    }

    /// Takes one step against the gradient of the loss by a row's scores, `[labels]`.
    package mutating func step(_ rows: SparseRows, _ row: Int, gradient: [Double]) {
        let step = rate / pow(1 + l2 * rate * Double(steps), 0.75)
        steps += 1
        // The limit keeps a strong penalty from flipping the signs of the weights.
        divisor /= 1 - min(0.5, step * l2)
        let meanShare = averagedSteps.map { 1 / Double($0 + 1) } ?? 1
        averagedSteps = averagedSteps.map { $0 + 1 }
        let isAveraging = meanShare < 1
        for index in rows.range(row) {
            let (scale, start) = (-step * divisor * Double(rows.values[index]), Int(rows.places[index]) * labels)
            for label in 0..<labels {
                let change = scale * gradient[label]
                weights[start + label] += change
                if isAveraging { sums[start + label] -= share * change }
            }
        }
        for label in 0..<labels {
            bias[label] -= step * gradient[label]
            meanBias[label] += meanShare * (bias[label] - meanBias[label])
        }
        if isAveraging {
            sumDivisor /= 1 - meanShare
            share += meanShare * sumDivisor / divisor
        } else {
            // Without averaging, the mean equals the weights.
            (sumDivisor, share) = (divisor, 1)
        }
        if divisor > Self.largest || sumDivisor > Self.largest { normalise() }
    }

    /// The mean weights, `[columns, labels]`, and the mean bias, `[labels]`.
    package var mean: (weights: [Float], bias: [Float]) {
        (zip(weights, sums).map { Float(($1 + share * $0) / sumDivisor) }, meanBias.map(Float.init))
    }

    private mutating func normalise() {
        for index in weights.indices {
            weights[index] /= divisor
            sums[index] /= sumDivisor
        }
        share *= divisor / sumDivisor
        (divisor, sumDivisor) = (1, 1)
    }
}
