import Glibc

extension GaussianProcess {
    /// Returns the prior of the parameters: a normal distribution of their logarithms.
    ///
    /// It is weak, but keeps a handful of observations from being explained by noise alone or by length scales near zero.
    private static func prior(coordinates: Int) -> [(mean: Double, deviation: Double)] {
        [(mean: Double, deviation: Double)](repeating: (log(0.5), 1), count: coordinates)
            + [(0, 1), (log(1e-3), 2)]
    }

    /// Fits a process: returns the one with the most probable parameters given the observations.
    ///
    /// Rprop maximises the likelihood times the prior from three starting points (Riedmiller & Braun 1993; for Gaussian
    /// processes Blum & Riedmiller 2013). It uses only the signs of the gradient and so needs no step size.
    ///
    /// - Parameters:
    ///   - inputs: The observed points, `[n][D]` with n ≥ 1, each coordinate from 0 to 1.
    ///   - targets: The observed values, `[n]`.
    /// - Returns: The fitted process; there is one for any observations.
    package static func fitted(inputs: [[Double]], targets: [Double]) -> GaussianProcess {
        let prior = prior(coordinates: inputs[0].count)
        let starts = [log(0.5), log(0.15), log(1.5)].map { length in
            prior.indices.map { $0 < inputs[0].count ? length : prior[$0].mean }
        }
        var best: (process: GaussianProcess, score: Double)?
        for start in starts {
            guard let climbed = climb(from: start, inputs, targets, prior) else { continue }
            if best.map({ climbed.score > $0.score }) ?? true { best = climbed }
        }
        if let best { return best.process }
        // Increase the noise until the covariance can be factored, which any covariance can with enough noise.
        var parameters = prior.map(\.mean)
        while true {
            if let process = GaussianProcess(inputs: inputs, targets: targets, parameters: parameters) {
                return process
            }
            parameters[parameters.count - 1] += 1
        }
    }

    private static func climb(
        from start: Parameters, _ inputs: [[Double]], _ targets: [Double],
        _ prior: [(mean: Double, deviation: Double)]
    ) -> (process: GaussianProcess, score: Double)? {
        var parameters = start
        var steps = [Double](repeating: 0.2, count: start.count)
        var slopes = [Double](repeating: 0, count: start.count)
        var best: (process: GaussianProcess, score: Double)?
        for _ in 0..<80 {
            guard let process = GaussianProcess(inputs: inputs, targets: targets, parameters: parameters) else {
                break
            }
            let distances = zip(parameters, prior).map { ($0 - $1.mean) / $1.deviation }
            let score = process.logLikelihood - distances.reduce(0) { $0 + $1 * $1 / 2 }
            if best.map({ score > $0.score }) ?? score.isFinite { best = (process, score) }
            for (index, slope) in process.gradient.enumerated() {
                let slope = slope - distances[index] / prior[index].deviation
                let agreement = slope * slopes[index]
                steps[index] = min(1, max(1e-4, steps[index] * (agreement > 0 ? 1.2 : agreement < 0 ? 0.5 : 1)))
                slopes[index] = agreement < 0 ? 0 : slope
                if slopes[index] != 0 { parameters[index] += slopes[index] > 0 ? steps[index] : -steps[index] }
            }
            if steps.allSatisfy({ $0 < 1e-3 }) { break }
        }
        return best
    }
}
