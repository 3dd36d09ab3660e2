import Glibc

/// The Cholesky factor L of a symmetric positive definite matrix A = L Lᵀ.
package struct CholeskyFactor {
    /// Elements of L, `[n × n]` in row-major order; zero above the diagonal.
    package let lower: [Double]
    /// Number of rows, n.
    package let count: Int

    /// Factors a matrix; `nil` if it is not positive definite.
    ///
    /// - Parameters:
    ///   - matrix: The matrix A, `[n × n]` in row-major order; only its lower triangle is read.
    ///   - count: The number of rows, n.
    package init?(_ matrix: [Double], count: Int) {
        var lower = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0...row {
                var sum = matrix[row * count + column]
                for k in 0..<column { sum -= lower[row * count + k] * lower[column * count + k] }
                if row == column {
                    guard sum > 0 else { return nil }
                    lower[row * count + row] = sum.squareRoot()
                } else {
                    lower[row * count + column] = sum / lower[column * count + column]
                }
            }
        }
        self.lower = lower
        self.count = count
    }

    /// The logarithm of the determinant of A.
    package var logDeterminant: Double { (0..<count).reduce(0.0) { $0 + 2 * log(lower[$1 * count + $1]) } }

    /// Returns L⁻¹ b for a vector b, `[n]`.
    func solveLower(_ vector: [Double]) -> [Double] {
        var solution = vector
        for row in 0..<count {
            for k in 0..<row { solution[row] -= lower[row * count + k] * solution[k] }
            solution[row] /= lower[row * count + row]
        }
        return solution
    }

    /// Returns A⁻¹ b for a vector b, `[n]`.
    package func solve(_ vector: [Double]) -> [Double] {
        var solution = solveLower(vector)
        for row in (0..<count).reversed() {
            for k in row + 1..<count { solution[row] -= lower[k * count + row] * solution[k] }
            solution[row] /= lower[row * count + row]
        }
        return solution
    }

    /// The inverse A⁻¹, `[n × n]`.
    package var inverse: [Double] {
        (0..<count).flatMap { column in
            var unit = [Double](repeating: 0, count: count)
            unit[column] = 1
            return solve(unit)
        }
    }
}
