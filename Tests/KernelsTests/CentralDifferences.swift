import Kernels

/// Central differences (f(x + h) - f(x - h)) / 2h with respect to single elements of a matrix: all of them, or a sample
/// of a large matrix.
struct CentralDifferences {
    let values: [(row: Int, column: Int, value: Double)]

    private static let step = 1e-5
    private static let most = 32

    init(of function: (Reference.Rows) -> Double, at x: Reference.Rows) {
        let columns = x.first?.count ?? 0
        let count = x.count * columns
        // An odd stride reaches every column, because it has no factor in common with the usual widths.
        let stride = count <= Self.most ? 1 : count / Self.most | 1
        values = Swift.stride(from: 0, to: count, by: stride).map { index in
            let (row, column) = (index / columns, index % columns)
            var moved = x
            moved[row][column] = x[row][column] + Self.step
            let above = function(moved)
            moved[row][column] = x[row][column] - Self.step
            return (row, column, (above - function(moved)) / (2 * Self.step))
        }
    }

    func largestDifference(from gradient: Reference.Rows) -> Double {
        values.reduce(0) { worst, next in
            let difference = abs(gradient[next.row][next.column] - next.value)
            // Treats NaN as the largest difference of all.
            return difference <= worst ? worst : difference.isNaN ? .infinity : difference
        }
    }
}

extension KernelGradient {
    /// Returns the central differences of Σ cotangent · result with respect to each argument.
    func differences(of cotangent: Reference.Rows) -> [CentralDifferences] {
        let values = arguments.map(\.value.rows)
        return values.indices.map { index in
            CentralDifferences(
                of: { moved in
                    var arguments = values
                    arguments[index] = moved
                    return zip(forward(arguments), cotangent).reduce(0) { total, rows in
                        total + zip(rows.0, rows.1).reduce(0) { $0 + $1.0 * $1.1 }
                    }
                }, at: values[index])
        }
    }
}
