import Glibc

/// The lower triangle L of a symmetric positive definite matrix A = L Lᵀ.
package struct CholeskyFactor {
    /// `[n × n]`, row-major; zero above the diagonal.
    package let lower: [Double]
    /// Rows.
    package let count: Int

    /// Factors a matrix; `nil` where it is not positive definite.
    ///
    /// - Parameters:
    ///   - matrix: `[n × n]`, row-major; only its lower triangle is read.
    ///   - count: n.
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

    /// log det A.
    package var logDeterminant: Double { (0..<count).reduce(0.0) { $0 + 2 * log(lower[$1 * count + $1]) } }

    /// L⁻¹ b.
    func solveLower(_ vector: [Double]) -> [Double] {
        var solution = vector
        for row in 0..<count {
            for k in 0..<row { solution[row] -= lower[row * count + k] * solution[k] }
            solution[row] /= lower[row * count + row]
        }
        return solution
    }

    /// A⁻¹ b.
    package func solve(_ vector: [Double]) -> [Double] {
        var solution = solveLower(vector)
        for row in (0..<count).reversed() {
            for k in row + 1..<count { solution[row] -= lower[k * count + row] * solution[k] }
            solution[row] /= lower[row * count + row]
        }
        return solution
    }

    /// A⁻¹, `[n × n]`.
    package var inverse: [Double] {
        (0..<count).flatMap { column in
            var unit = [Double](repeating: 0, count: count)
            unit[column] = 1
            return solve(unit)
        }
    }
}
