import Glibc

extension GaussianProcess {
    /// What parameters are before anything is seen: normal, as mean and deviation of their logarithms. Weak, and enough to keep a
    /// handful of observations from being explained by noise alone or by lengths of nothing.
    private static func prior(coordinates: Int) -> [(mean: Double, deviation: Double)] {
        [(mean: Double, deviation: Double)](repeating: (log(0.5), 1), count: coordinates)
            + [(0, 1), (log(1e-3), 2)]
    }

    /// The process with the most probable parameters.
    ///
    /// The likelihood times the prior is climbed from three places by Rprop (Riedmiller & Braun 1993; for Gaussian processes Blum &
    /// Riedmiller 2013), which looks at the gradient's signs alone and so needs no step size.
    ///
    /// - Parameters:
    ///   - inputs: `[n][D]`, at least one, each coordinate from 0 to 1.
    ///   - targets: `[n]`.
    /// - Returns: A process, whatever the observations.
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
        // With a noise as large as the values, every covariance has a factor.
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
