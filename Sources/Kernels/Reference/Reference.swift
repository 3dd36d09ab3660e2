import Glibc

/// Slow, simple float64 versions of all kernels, with which the fast ones are tested in the same process.
///
/// A matrix is an array of rows.
public enum Reference {
    /// A matrix as an array of its rows.
    public typealias Rows = [[Double]]

    /// Computes y[t, o] = b[o] + Σ_i x[t, i] · w[o, i].
    public static func linear(_ x: Rows, weight w: Rows, bias b: [Double]) -> Rows {
        x.map { row in
            w.indices.map { o in b[o] + zip(row, w[o]).reduce(0) { $0 + $1.0 * $1.1 } }
        }
    }

    /// Computes GELU: x/2 · (1 + erf(x / √2)).
    public static func gelu(_ x: Double) -> Double {
        x / 2 * (1 + erf(x / 2.0.squareRoot()))
    }

    /// Computes the tanh approximation of GELU: x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).
    public static func geluTanh(_ x: Double) -> Double {
        x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }

    /// Applies an activation to every element.
    public static func activate(_ x: Rows, _ activation: Activation) -> Rows {
        switch activation {
        case .identity: x
        case .gelu: x.map { $0.map(gelu) }
        case .geluTanh: x.map { $0.map(geluTanh) }
        case .relu: x.map { $0.map { max($0, 0) } }
        }
    }

    /// Computes a layer norm row by row: (x - mean) / √(variance + ε) · γ + β (Ba, Kiros & Hinton 2016). The variance
    /// divides by the width.
    public static func layerNorm(_ x: Rows, gamma: [Double], beta: [Double], epsilon: Double) -> Rows {
        x.map { row in
            let mean = row.reduce(0, +) / Double(row.count)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
            return row.indices.map { (row[$0] - mean) / (variance + epsilon).squareRoot() * gamma[$0] + beta[$0] }
        }
    }

    /// Computes x + y.
    public static func add(_ x: Rows, _ y: Rows) -> Rows {
        zip(x, y).map { zip($0, $1).map { $0 + $1 } }
    }

    /// Computes exp(x_i) / Σ exp(x_j).
    ///
    /// If `levels` is given, the exponentials are first scaled so that the largest is `levels`, and rounded to whole
    /// numbers.
    public static func softmax(_ x: [Double], levels: Int? = nil) -> [Double] {
        let peak = x.max() ?? 0
        let exponentials = x.map { x in
            let exponential = exp(x - peak)
            return levels.map { (exponential * Double($0)).rounded() } ?? exponential
        }
        let total = exponentials.reduce(0, +)
        return exponentials.map { $0 / total }
    }

    /// Computes softmax attention within each window; `projected` holds Q, K and V side by side.
    ///
    /// Each probability is multiplied by `factor`, which is given the window, the head, and the places of the query and
    /// the key in the window. `levels` is passed to ``softmax(_:levels:)``.
    public static func attention(
        _ projected: Rows, windows: [Int], heads: Int, levels: Int? = nil,
        factor: (_ window: Int, _ head: Int, _ query: Int, _ key: Int) -> Double = { _, _, _, _ in 1 }
    ) -> Rows {
        let width = (projected.first?.count ?? 0) / 3
        let headWidth = width / heads
        var context = Rows(repeating: [Double](repeating: 0, count: width), count: projected.count)
        for (window, (start, end)) in zip(windows, windows.dropFirst()).enumerated() {
            for t in start..<end {
                for head in 0..<heads {
                    let columns = head * headWidth..<(head + 1) * headWidth
                    let query = projected[t]
                    let scores = projected[start..<end].map { key in
                        columns.reduce(0) { $0 + query[$1] * key[width + $1] } / Double(headWidth).squareRoot()
                    }
                    let weights = softmax(scores, levels: levels).enumerated().map {
                        $1 * factor(window, head, t - start, $0)
                    }
                    for (weight, value) in zip(weights, projected[start..<end]) {
                        for column in columns { context[t][column] += weight * value[2 * width + column] }
                    }
                }
            }
        }
        return context
    }

    /// Computes the mean of the rows in each span.
    public static func meanPool(_ x: Rows, spans: [Range<Int>]) -> Rows {
        spans.map { span in
            x[span].reduce([Double](repeating: 0, count: x[0].count)) { zip($0, $1).map { $0 + $1 } }
                .map { $0 / Double(span.count) }
        }
    }
}
