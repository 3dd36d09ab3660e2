import FoundationEssentials

/// The probability from which a label counts, for each label of a multi-label checkpoint.
public struct Thresholds: Sendable, Equatable {
    /// `[labels]`, each in 0 … 1.
    public let values: [Double]

    /// One half for every label, as Hugging Face's examples use.
    public init(count: Int) {
        values = [Double](repeating: 0.5, count: count)
    }

    /// Thresholds that someone found to be good ones, each in 0 … 1.
    package init(values: [Double]) {
        self.values = values
    }

    /// Reads `best_thresholds.json`: an object from label to threshold, or an array in the labels' order.
    ///
    /// - Parameters:
    ///   - json: The file's bytes.
    ///   - labels: The checkpoint's labels.
    /// - Throws: ``LabellingError/checkpoint(_:)`` naming the label that is missing, unknown or out of range.
    public init(json: [UInt8], labels: [String]) throws {
        let data = Data(json)
        let decoder = JSONDecoder()
        if let table = try? decoder.decode([String: Double].self, from: data) {
            if let unknown = table.keys.filter({ !labels.contains($0) }).min() {
                throw LabellingError.checkpoint(
                    "best_thresholds.json has a threshold for \"\(unknown)\", which is not a label of config.json (\(labels.joined(separator: ", ")))."
                )
            }
            values = try labels.map { label in
                guard let value = table[label] else {
                    throw LabellingError.checkpoint("best_thresholds.json has no threshold for the label \"\(label)\".")
                }
                return value
            }
        } else if let list = try? decoder.decode([Double].self, from: data) {
            guard list.count == labels.count else {
                throw LabellingError.checkpoint(
                    "best_thresholds.json has \(list.count) thresholds; config.json has \(labels.count) labels.")
            }
            values = list
        } else {
            throw LabellingError.checkpoint(
                "best_thresholds.json is neither an object from label to number nor an array of numbers.")
        }
        if let index = values.firstIndex(where: { !(0...1).contains($0) }) {
            throw LabellingError.checkpoint(
                "best_thresholds.json: the threshold of \"\(labels[index])\" is \(values[index]); expected 0 to 1.")
        }
    }
}
