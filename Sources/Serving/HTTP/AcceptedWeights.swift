/// The media types or content codings that a client accepts, with their weights (RFC 9110, §12.4.2).
package struct AcceptedWeights {
    private let weights: [String: Double]

    /// Reads all fields of one name, such as every `Accept`.
    package init(_ fields: [String]) {
        var weights: [String: Double] = [:]
        for element in fields.flatMap({ $0.utf8.split(separator: UInt8(ascii: ",")) }) {
            let parts = element.split(separator: UInt8(ascii: ";")).map { asciiToken($0, without: " \t") }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            if let name = parts.first { weights[name] = weight ?? 1 }
        }
        self.weights = weights
    }

    /// The weight of the first of these names that the client lists; `nil` if it lists none of them.
    package func callAsFunction(_ names: String...) -> Double? {
        names.lazy.compactMap { weights[$0] }.first
    }
}
