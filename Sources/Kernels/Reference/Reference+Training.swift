import Glibc

extension Reference {
    /// Applies dropout: multiplies each element by 0 or 1 / (1 - p), depending on its index.
    public static func dropOut(_ x: Rows, _ dropout: Dropout) -> Rows {
        let width = x.first?.count ?? 0
        return x.enumerated().map { row, values in
            values.enumerated().map { $1 * Double(dropout.factor(at: row * width + $0)) }
        }
    }

    /// Computes dropout(layer norm(word[id] + position[p] + tokenType[0])).
    public static func embed(
        ids: [Int32], positions: [Int32], word: Rows, position: Rows, tokenType: Rows, gamma: [Double],
        beta: [Double], epsilon: Double, _ dropout: Dropout
    ) -> Rows {
        let sum = zip(ids, positions).map { id, place in
            zip(zip(word[Int(id)], position[Int(place)]), tokenType[0]).map { $0.0 + $0.1 + $1 }
        }
        return dropOut(layerNorm(sum, gamma: gamma, beta: beta, epsilon: epsilon), dropout)
    }

    /// Computes tanh(x), elementwise.
    public static func hyperbolicTangent(_ x: Rows) -> Rows {
        x.map { $0.map { tanh($0) } }
    }

    /// Computes ``adamW(_:gradient:first:second:_:team:)`` for one element.
    public static func adamW(
        _ value: Double, gradient: Double, first: Double, second: Double, _ step: AdamWStep
    ) -> (value: Double, first: Double, second: Double) {
        let (beta1, beta2) = (Double(step.beta1), Double(step.beta2))
        let g = gradient * Double(step.gradientScale)
        let m = beta1 * first + (1 - beta1) * g
        let v = beta2 * second + (1 - beta2) * g * g
        let decayed = value * (1 - Double(step.rate) * Double(step.decay))
        let corrected = (m / Double(step.correction1), v / Double(step.correction2))
        let change = Double(step.rate) * corrected.0 / (corrected.1.squareRoot() + Double(step.epsilon))
        return (decayed - change, m, v)
    }
}
