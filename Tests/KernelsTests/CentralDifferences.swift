import Kernels

/// (f(x + h) - f(x - h)) / 2h by single elements of a matrix: all of them, or some where there are many.
struct CentralDifferences {
    let values: [(row: Int, column: Int, value: Double)]

    private static let step = 1e-5
    private static let most = 32

    init(of function: (Reference.Rows) -> Double, at x: Reference.Rows) {
        let columns = x.first?.count ?? 0
        let count = x.count * columns
        // A stride that shares no factor with the usual widths reaches every column.
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
            // A value that is not a number is the largest difference of all.
            return difference <= worst ? worst : difference.isNaN ? .infinity : difference
        }
    }
}

extension KernelGradient {
    /// By each argument, of Σ cotangent · result.
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
