/// The media types or content codings that a client accepts, with their weights (RFC 9110, §12.4.2).
struct AcceptedWeights {
    private let weights: [String: Double]

    /// Reads all fields of one name, such as every `Accept`.
    init(_ fields: [String]) {
        var weights: [String: Double] = [:]
        for element in fields.joined(separator: ",").lowercased().split(separator: ",") {
            let parts = element.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            if let name = parts.first { weights[name] = weight ?? 1 }
        }
        self.weights = weights
    }

    /// The weight of the first of these names that the client lists; `nil` if it lists none of them.
    func callAsFunction(_ names: String...) -> Double? {
        names.lazy.compactMap { weights[$0] }.first
    }
}
