import Glibc

extension Reference {
    /// Computes ``gatedRecurrence(_:texts:_:into:scratch:team:backend:)`` one place at a time.
    public static func gatedRecurrence(_ x: Rows, texts: [Int], weight: Rows, bias: [Double]) -> Rows {
        let width = weight.first?.count ?? 0
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        var states = Rows(repeating: [Double](repeating: 0, count: 2 * width), count: x.count)
        for (start, end) in zip(texts, texts.dropFirst()) {
            for direction in 0..<2 {
                var h = [Double](repeating: 0, count: width)
                let gates = direction * 3 * width
                for t in direction == 0 ? Array(start..<end) : (start..<end).reversed() {
                    let recurrent = (gates..<gates + 3 * width).map { row in
                        bias[row] + zip(weight[row], h).reduce(0) { $0 + $1.0 * $1.1 }
                    }
                    h = (0..<width).map { i in
                        let r = sigmoid(x[t][gates + i] + recurrent[i])
                        let z = sigmoid(x[t][gates + width + i] + recurrent[width + i])
                        let n = tanh(x[t][gates + 2 * width + i] + r * recurrent[2 * width + i])
                        return (1 - z) * n + z * h[i]
                    }
                    states[t].replaceSubrange(direction * width..<(direction + 1) * width, with: h)
                }
            }
        }
        return states
    }
}
