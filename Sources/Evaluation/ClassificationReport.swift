/// A confusion matrix as the familiar table of precision, recall, F1 and support.
public struct ClassificationReport: CustomStringConvertible {
    private let matrix: ConfusionMatrix

    /// A report on one matrix.
    public init(_ matrix: ConfusionMatrix) {
        self.matrix = matrix
    }

    /// The table: a line for each label, then accuracy and the averages, then the matrix itself.
    public var description: String {
        let width = max(13, (matrix.labels.map(\.count).max() ?? 0) + 1)
        func line(_ name: String, _ cells: [String]) -> String {
            name.padded(to: width) + cells.map { $0.leftPadded(to: 11) }.joined()
        }
        var lines = [line("", ["precision", "recall", "f1", "support"])]
        for (index, label) in matrix.labels.enumerated() {
            let scores = matrix.scores(index)
            lines.append(
                line(label, [scores.precision, scores.recall, scores.f1].map(fourDigits) + ["\(scores.support)"]))
        }
        lines.append(line("micro F1", ["", "", fourDigits(matrix.accuracy), "\(matrix.total)"]))
        lines.append(line("macro F1", ["", "", fourDigits(matrix.macroF1), "\(matrix.total)"]))
        lines.append(line("weighted F1", ["", "", fourDigits(matrix.weightedF1), "\(matrix.total)"]))
        lines.append("")
        lines.append(line("true \\ given", matrix.labels.map { String($0.prefix(10)) }))
        for (label, row) in zip(matrix.labels, matrix.counts) { lines.append(line(label, row.map(String.init))) }
        return lines.joined(separator: "\n")
    }
}

/// A figure from 0 to 1 with four digits.
public func fourDigits(_ value: Double) -> String {
    let tenThousandths = Int((value * 10_000).rounded())
    return "\(tenThousandths / 10_000)." + String(tenThousandths % 10_000 + 10_000).dropFirst()
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
