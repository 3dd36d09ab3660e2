/// An evaluation of abstracts, to be read.
public struct AbstractReport: CustomStringConvertible {
    private let evaluation: AbstractEvaluation
    private let masked: AbstractEvaluation?

    /// A report.
    ///
    /// - Parameters:
    ///   - evaluation: Of abstracts as they are.
    ///   - masked: Of the same abstracts with their numbers masked.
    public init(_ evaluation: AbstractEvaluation, masked: AbstractEvaluation? = nil) {
        self.evaluation = evaluation
        self.masked = masked
    }

    /// The table of the labels, the confusion matrix, and the figures of every way of counting.
    public var description: String {
        let all = evaluation.all
        var parts = [
            "\(all.abstracts) abstracts, \(all.sentences.total) sentences",
            "Sentences as given\n\(ClassificationReport(all.sentences))", "\(all.sentences)",
            "Expected calibration error of the sentences' confidences: \(fourDigits(all.calibration.expectedError))",
            comparison,
        ]
        if all.severalAllowed.sentences > 0 {
            let (sentences, right) = all.severalAllowed
            parts.append(
                "Sentences whose heading allows several labels, which no other figure counts: \(right) of \(sentences) were given one of them (\(fourDigits(ratio(right, sentences) * 100)) %)"
            )
        }
        if readsRawText {
            parts.append(
                "Section boundaries with a sentence of the raw text across them: \(evaluation.crossedBoundaries) of \(evaluation.boundaries) (\(fourDigits(evaluation.crossedShare * 100)) %)"
            )
        }
        return parts.joined(separator: "\n\n")
    }

    /// Whether the abstracts were labelled from their raw text too.
    private var readsRawText: Bool { evaluation.all.charactersOfRawText.total > 0 }

    /// A line for each set of abstracts and of labels: F1 by sentence, by character, and by character
    /// of raw text where that was labelled.
    private var comparison: String {
        let width = 46
        func line(_ name: String, _ cells: [String], each: Int) -> String {
            name + String(repeating: " ", count: max(0, width - name.count))
                + cells.map { $0.leftPadded(to: each) }.joined()
        }
        let units = ["sentences", "characters"] + (readsRawText ? ["same, raw text"] : [])
        var lines = [
            line("F1", units, each: 18),
            line("", [[String]](repeating: ["micro", "macro"], count: units.count).flatMap { $0 }, each: 9),
        ]
        for (evaluation, text) in [(evaluation, ""), (masked, ", numbers as @")] {
            guard let evaluation else { continue }
            let both = evaluation.withBothSections
            let short = evaluation.short
            for (counts, abstracts) in [
                (evaluation.all, "all"), (both, "\(both.abstracts) with both"),
                (short, "\(short.abstracts) of up to \(AbstractEvaluation.shortLength) sentences"),
            ] {
                for (counts, labels) in [(counts, ""), (evaluation.mergingOpeningRoles(counts), ", the two as one")] {
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
            lines += ["", "With both: abstracts that have a BACKGROUND and an OBJECTIVE section, the two in question."]
        }
        return lines.joined(separator: "\n")
    }
}
