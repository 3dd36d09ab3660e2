/// A table of the precision, recall, F1 and support of every label and their averages, in the format of scikit-learn's
/// `classification_report(digits=4)`.
public struct ClassificationReport: CustomStringConvertible {
    private let tally: any LabelTally
    private let accuracy: Double?
    private let averages: [(name: String, scores: LabelScores)]
    private let total: Int

    /// Creates a report on items with one label each.
    public init(_ matrix: ConfusionMatrix) {
        tally = matrix
        accuracy = matrix.accuracy
        averages = [("macro avg", matrix.macro), ("weighted avg", matrix.weighted)]
        total = matrix.total
    }

    /// Creates a report on texts with any number of labels.
    public init(_ counts: MultiLabelCounts) {
        tally = counts
        accuracy = nil
        averages = [
            ("micro avg", counts.micro), ("macro avg", counts.macro), ("weighted avg", counts.weighted),
            ("samples avg", counts.samples),
        ]
        total = counts.total
    }

    /// The table: a line for each label, then the averages.
    public var description: String {
        let width = max("weighted avg".count, tally.labels.map(\.count).max() ?? 0)
        func line(_ name: String, _ cells: [String]) -> String {
            name.leftPadded(to: width) + " " + cells.map { " " + $0.leftPadded(to: 9) }.joined()
        }
        func line(_ name: String, _ scores: LabelScores) -> String {
            line(name, [scores.precision, scores.recall, scores.f1].map(fourDigits) + ["\(scores.support)"])
        }
        var lines = [line("", ["precision", "recall", "f1-score", "support"]), ""]
        lines += tally.labels.indices.map { line(tally.labels[$0], tally.scores($0)) }
        lines.append("")
        if let accuracy { lines.append(line("accuracy", ["", "", fourDigits(accuracy), "\(total)"])) }
        lines += averages.map { line($0.name, $0.scores) }
        return lines.joined(separator: "\n")
    }
}

/// Returns a number with four digits after the decimal point; `nan` for NaN.
public func fourDigits(_ value: Double) -> String { decimal(value, digits: 4) }

/// Returns a number with the given number of digits after the decimal point; `nan` for NaN.
public func decimal(_ value: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { power, _ in 10 * power }
    // Round ties to even, as Python's formatting does.
    guard value.isFinite, let parts = Int(exactly: (value.magnitude * Double(scale)).rounded(.toNearestOrEven)) else {
        return value.isNaN ? "nan" : "\(value)"
    }
    let sign = value < 0 && parts > 0 ? "-" : ""
    let fraction = digits > 0 ? "." + String(parts % scale + scale).dropFirst() : ""
    return "\(sign)\(parts / scale)\(fraction)"
}

extension String {
    func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
