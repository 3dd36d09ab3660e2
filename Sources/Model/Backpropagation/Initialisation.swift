import Glibc

/// Draws normally distributed values with mean 0 by the method of Box and Muller (1958).
func normal(_ count: Int, deviation: Double, _ generator: inout some RandomNumberGenerator) -> [Float] {
    guard deviation > 0 else { return [Float](repeating: 0, count: count) }
    return (0..<count).map { _ in
        let radius = (-2 * log(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &generator))).squareRoot()
        return Float(deviation * radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator)))
    }
}
