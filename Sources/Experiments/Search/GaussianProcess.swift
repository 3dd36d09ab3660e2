import Glibc

/// A Gaussian process regression model (Rasmussen & Williams 2006, algorithm 2.1).
package struct GaussianProcess {
    /// The parameters for targets with mean 0 and variance 1: log ℓ `[D]`, log s² and the logarithm of the noise variance.
    package typealias Parameters = [Double]

    /// The predictive distribution at one point.
    package struct Prediction: Equatable {
        package var mean: Double
        package var variance: Double

        /// Returns the expected improvement over `best`: the mean of max(value − best, 0) (Jones, Schonlau & Welch 1998).
        package func expectedImprovement(over best: Double) -> Double {
            let deviation = max(variance, 0).squareRoot()
            guard deviation > 0 else { return max(mean - best, 0) }
            let z = (mean - best) / deviation
            let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
            let share = erfc(-z / 2.0.squareRoot()) / 2
            return (mean - best) * share + deviation * density
        }
    }

    /// The log likelihood, log p(targets | inputs, parameters).
    package let logLikelihood: Double
    package let parameters: Parameters
    private let inputs: [[Double]]
    private let kernel: MaternKernel
    private let factor: CholeskyFactor
    /// The weights (K + noise)⁻¹ y, `[n]`.
    private let weights: [Double]
    private let targetMean: Double
    private let targetDeviation: Double

    /// Creates a process with given parameters; `nil` if its covariance matrix is not positive definite.
    ///
    /// - Parameters:
    ///   - inputs: The observed points, `[n][D]` with n ≥ 1.
    ///   - targets: The observed values, `[n]`.
    ///   - parameters: The parameters, `[D + 2]`.
    package init?(inputs: [[Double]], targets: [Double], parameters: Parameters) {
        let (count, coordinates) = (inputs.count, inputs[0].count)
        let mean = targets.reduce(0, +) / Double(count)
        let deviation = (targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
        targetMean = mean
        targetDeviation = deviation > 0 ? deviation : 1
        kernel = MaternKernel(
            lengths: parameters[..<coordinates].map { exp($0) }, variance: exp(parameters[coordinates]))
        var covariance = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0...row { covariance[row * count + column] = kernel.value(inputs[row], inputs[column]) }
            // The small constant makes up for rounding.
            covariance[row * count + row] += exp(parameters[coordinates + 1]) + 1e-9
        }
        guard let factor = CholeskyFactor(covariance, count: count) else { return nil }
        self.factor = factor
        self.inputs = inputs
        self.parameters = parameters
        let standard = targets.map { [targetDeviation] in ($0 - mean) / targetDeviation }
        weights = factor.solve(standard)
        let fit = zip(standard, weights).reduce(0.0) { $0 + $1.0 * $1.1 }
        logLikelihood = -(fit + factor.logDeterminant + Double(count) * log(2 * Double.pi)) / 2
    }

    /// The gradient ∂ logLikelihood / ∂ parameters, `[D + 2]` (eq. 5.9): ½ tr((w wᵀ − K⁻¹) ∂K/∂θ).
    package var gradient: Parameters {
        let count = inputs.count
        let inverse = factor.inverse
        let coordinates = kernel.lengths.count
        let noise = exp(parameters[coordinates + 1])
        var gradient = Parameters(repeating: 0, count: coordinates + 2)
        for row in 0..<count {
            for column in 0...row {
                // The matrices are symmetric: count each element below the diagonal for both triangles.
                let share =
                    (weights[row] * weights[column] - inverse[row * count + column]) * (row == column ? 0.5 : 1)
                kernel.addLengthGradient(inputs[row], inputs[column], times: share, to: &gradient)
                gradient[coordinates] += share * kernel.value(inputs[row], inputs[column])
                if row == column { gradient[coordinates + 1] += share * noise }
            }
        }
        return gradient
    }

    /// Returns the predictive distribution of the noise-free value at a point, `[D]`.
    package func prediction(at point: [Double]) -> Prediction {
        let covariances = inputs.map { kernel.value($0, point) }
        let mean = zip(covariances, weights).reduce(0) { $0 + $1.0 * $1.1 }
        let known = factor.solveLower(covariances)
        let variance = kernel.variance - known.reduce(0) { $0 + $1 * $1 }
        return Prediction(
            mean: targetMean + targetDeviation * mean,
            variance: max(0, variance) * targetDeviation * targetDeviation)
    }
}
