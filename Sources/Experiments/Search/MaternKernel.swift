import Glibc

/// A Matérn covariance function with ν = 5/2 and a length scale for each coordinate (Rasmussen & Williams 2006,
/// "Gaussian Processes for Machine Learning", eq. 4.17 and §5.1).
///
///     k(a, b) = s² (1 + √5 r + 5/3 r²) exp(−√5 r),  r² = Σ (a_d − b_d)² / ℓ_d²
struct MaternKernel {
    /// Length scales ℓ, `[D]`.
    let lengths: [Double]
    /// Variance s².
    let variance: Double

    private func distance(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in lengths.indices {
            let difference = (a[index] - b[index]) / lengths[index]
            sum += difference * difference
        }
        return (5 * sum).squareRoot()
    }

    /// Returns k(a, b) for two points, `[D]` each.
    func value(_ a: [Double], _ b: [Double]) -> Double {
        let distance = distance(a, b)
        return variance * (1 + distance + distance * distance / 3) * exp(-distance)
    }

    /// Adds `factor` · ∂k/∂log ℓ, `[D]`, to the first D elements of a gradient.
    func addLengthGradient(_ a: [Double], _ b: [Double], times factor: Double, to gradient: inout [Double]) {
        let distance = distance(a, b)
        let factor = factor * variance * 5 / 3 * (1 + distance) * exp(-distance)
        for index in lengths.indices {
            let difference = (a[index] - b[index]) / lengths[index]
            gradient[index] += factor * difference * difference
        }
    }
}
