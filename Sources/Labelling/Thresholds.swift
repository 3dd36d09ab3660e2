import FoundationEssentials

/// The minimum probability at which each label of a multi-label checkpoint is predicted.
public struct Thresholds: Sendable, Equatable {
    /// The threshold of each label, `[labels]`, each between 0 and 1.
    public let values: [Double]

    /// Creates thresholds of 0.5 for `count` labels, as in the examples of Hugging Face.
    public init(count: Int) {
        values = [Double](repeating: 0.5, count: count)
    }

    /// Creates thresholds from given values, each between 0 and 1.
    package init(values: [Double]) {
        self.values = values
    }

    /// Reads `best_thresholds.json`: an object from label to threshold, or an array in the order of the labels.
    ///
    /// - Parameters:
    ///   - json: The bytes of the file.
    ///   - labels: The label names of the checkpoint.
    /// - Throws: ``LabellingError/checkpoint(_:)`` if the format is wrong, or if a label is missing, unknown or out of
    ///   range.
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
                    throw LabellingError.checkpoint(
                        "best_thresholds.json has no threshold for the label \"\(label)\"; expected one for each label."
                    )
                }
                return value
            }
        } else if let list = try? decoder.decode([Double].self, from: data) {
            guard list.count == labels.count else {
                throw LabellingError.checkpoint(
                    "best_thresholds.json has \(list.count) thresholds; expected \(labels.count), one for each label in config.json."
                )
            }
            values = list
        } else {
            throw LabellingError.checkpoint(
                "best_thresholds.json: expected an object from label to number, or an array of numbers.")
        }
        if let index = values.firstIndex(where: { !(0...1).contains($0) }) {
            throw LabellingError.checkpoint(
                "best_thresholds.json: the threshold of \"\(labels[index])\" is \(values[index]); expected 0 to 1.")
        }
    }
}
