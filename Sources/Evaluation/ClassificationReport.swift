/// Precision, recall, F1 and support of every label and their averages, in the table that scikit-learn's
/// `classification_report(digits=4)` prints.
public struct ClassificationReport: CustomStringConvertible {
    private let tally: any LabelTally
    private let accuracy: Double?
    private let averages: [(name: String, scores: LabelScores)]
    private let total: Int

    /// A report on items that each have one label.
    public init(_ matrix: ConfusionMatrix) {
        tally = matrix
        accuracy = matrix.accuracy
        averages = [("macro avg", matrix.macro), ("weighted avg", matrix.weighted)]
        total = matrix.total
    }

    /// A report on texts that may have any number of labels.
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

/// A figure with four digits after the point; `nan` where it is not a number.
public func fourDigits(_ value: Double) -> String { decimal(value, digits: 4) }

/// A number with some digits after the point; `nan` where it is not a number.
public func decimal(_ value: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { power, _ in 10 * power }
    // Ties to even, as Python's formatting has it.
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
