/// A text report of an evaluation of abstracts.
public struct AbstractReport: CustomStringConvertible {
    private let evaluation: AbstractEvaluation
    private let masked: AbstractEvaluation?

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - evaluation: The evaluation of the original abstracts.
    ///   - masked: The evaluation of the same abstracts with their numbers masked; `nil` if there is none.
    public init(_ evaluation: AbstractEvaluation, masked: AbstractEvaluation? = nil) {
        self.evaluation = evaluation
        self.masked = masked
    }

    /// The report: a table of the labels, the confusion matrix, the calibration error and a table of F1 values.
    public var description: String {
        let all = evaluation.all
        var parts = [
            "\(all.abstracts) abstracts, \(all.sentences.total) sentences",
            "Sentences of the corpus\n\(ClassificationReport(all.sentences))", "\(all.sentences)",
            "Expected calibration error of the sentence confidences: \(fourDigits(all.calibration.expectedError))",
            comparison,
        ]
        if all.severalAllowed.sentences > 0 {
            let (sentences, right) = all.severalAllowed
            parts.append(
                "Sentences with several allowed labels, which no other figure includes: \(right) of \(sentences) have an allowed predicted label (\(fourDigits(ratio(right, sentences) * 100))%)"
            )
        }
        if readsRawText {
            parts.append(
                "Section boundaries inside a sentence found in the raw text: \(evaluation.crossedBoundaries) of \(evaluation.boundaries) (\(fourDigits(evaluation.crossedShare * 100))%)"
            )
        }
        return parts.joined(separator: "\n\n")
    }

    /// Whether the abstracts were also labelled from their raw text.
    private var readsRawText: Bool { evaluation.all.charactersOfRawText.total > 0 }

    /// The F1 values of each set of abstracts: by sentence, by character and, if it was labelled, by character of the
    /// raw text.
    private var comparison: String {
        let width = 46
        func line(_ name: String, _ cells: [String], each: Int) -> String {
            name + String(repeating: " ", count: max(0, width - name.count))
                + cells.map { $0.leftPadded(to: each) }.joined()
        }
        let units = ["sentences", "characters"] + (readsRawText ? ["raw text"] : [])
        var lines = [
            line("F1", units, each: 18),
            line("", [[String]](repeating: ["micro", "macro"], count: units.count).flatMap { $0 }, each: 9),
        ]
        for (evaluation, text) in [(evaluation, ""), (masked, ", numbers as @")] {
            guard let evaluation else { continue }
            let both = evaluation.withBothSections
            let short = evaluation.short
            for (counts, abstracts) in [
                (evaluation.all, "all"), (both, "\(both.abstracts) with both sections"),
                (short, "\(short.abstracts) with ≤ \(AbstractEvaluation.shortLength) sentences"),
            ] {
                for (counts, labels) in [(counts, ""), (evaluation.mergingOpeningRoles(counts), ", merged")] {
                    guard let counts, counts.abstracts > 0 else { continue }
                    let matrices =
                        [counts.sentences, counts.characters] + (readsRawText ? [counts.charactersOfRawText] : [])
                    lines.append(
                        line(
                            abstracts + labels + text,
                            matrices.flatMap { [fourDigits($0.micro.f1), fourDigits($0.macro.f1)] }, each: 9))
                }
            }
        }
        if evaluation.withBothSections.abstracts > 0 {
            lines += [
                "",
                "Both sections: abstracts with a BACKGROUND and an OBJECTIVE section. Merged: these two labels counted as one.",
            ]
        }
        return lines.joined(separator: "\n")
    }
}
