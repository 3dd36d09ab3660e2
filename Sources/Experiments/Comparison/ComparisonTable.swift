internal import Evaluation

/// A comparison as text for a terminal or as Markdown.
public struct ComparisonTable: CustomStringConvertible {
    private let comparison: Comparison
    private let costs: [Double]

    /// Creates a table.
    ///
    /// - Parameters:
    ///   - comparison: The comparison.
    ///   - costs: The processor time of labelling with each system, in microseconds per abstract or text.
    public init(_ comparison: Comparison, costs: [Double]) {
        self.comparison = comparison
        self.costs = costs
    }

    /// The comparison as plain text: a block for each metric, with a line for each system.
    public var description: String {
        var rows: [[String]] = []
        for figure in comparison.distinctFigures {
            if !rows.isEmpty { rows.append([]) }
            rows.append([comparison.title(of: figure)] + heading.dropFirst())
            rows += figure.results.map { ["  \($0.system)"] + cells($0) }
        }
        rows += [[], [costTitle]] + zip(comparison.systems, costs).map { ["  \($0)", milliseconds($1)] }
        return summary + "\n\n" + TextColumns(rows, leading: [0]).description + "\n\n" + explanation
    }

    /// Returns the comparison as a Markdown document that also lists the runs.
    func markdown(_ record: ComparisonRecord) -> String {
        var lines = ["# Comparison on \(record.test.summary)", "", summary, ""]
        lines += ["| run | settings | directory |", "|---|---|---|"]
        lines += record.runs.map {
            "| \($0.name) | \($0.settings.isEmpty ? "" : "`\($0.settings.words)`") | \($0.directory) |"
        }
        for figure in comparison.distinctFigures {
            lines += ["", "## \(comparison.title(of: figure))", ""]
            lines += [row(heading), row(heading.map { $0.isEmpty ? "---" : "---:" })]
            lines += figure.results.map { row([$0.system] + cells($0)) }
        }
        lines += ["", "## \(costTitle)", "", row(["", "value"]), row(["---", "---:"])]
        lines += zip(comparison.systems, costs).map { row([$0, milliseconds($1)]) }
        return (lines + ["", explanation, ""]).joined(separator: "\n")
    }

    /// The column headings; Holm's correction has a column only if there are more than two systems.
    private var heading: [String] {
        let percent = "\(decimal(comparison.confidence * 100, digits: comparison.confidence == 0.95 ? 0 : 1))%"
        let names = ["", "value", "\(percent) interval", "difference", "\(percent) interval", "p"]
        return comparison.systems.count > 2 ? names + ["Holm"] : names
    }

    private func cells(_ result: Comparison.Result) -> [String] {
        var cells = [fourDigits(result.estimate.value), interval(result.estimate, fourDigits)]
        if let difference = result.difference {
            cells += [
                signed(difference.estimate.value), interval(difference.estimate, signed), fourDigits(difference.p),
            ]
            if comparison.systems.count > 2 { cells.append(fourDigits(difference.correctedP)) }
        }
        return cells + [String](repeating: "", count: heading.count - 1 - cells.count)
    }

    private func interval(_ estimate: Comparison.Estimate, _ digits: (Double) -> String) -> String {
        "\(digits(estimate.lower)) … \(digits(estimate.upper))"
    }

    private func signed(_ value: Double) -> String {
        let digits = fourDigits(value)
        return value > 0 && digits != "0.0000" ? "+\(digits)" : digits
    }

    private var costTitle: String { "processor time per \(comparison.clusterKind), in ms" }

    private func milliseconds(_ microseconds: Double) -> String { decimal(microseconds / 1e3, digits: 3) }

    private var summary: String {
        let kind = "\(comparison.clusterKind)s"
        let what =
            kind == "texts"
            ? "\(comparison.items) texts" : "\(comparison.clusters) abstracts with \(comparison.items) sentences"
        let several = comparison.runs.contains { $0 > 1 } ? "; values are means over resampled runs" : ""
        return
            "\(what); \(comparison.resamples) resamples of \(kind), seed \(comparison.seed)\(several); differences from \(comparison.systems[0])."
    }

    private var explanation: String {
        var sentence =
            "p: twice the fraction of resamples in which the difference is zero or has the opposite sign. If p is below \(decimal(1 - comparison.confidence, digits: 2)), the interval of the difference excludes 0."
        if comparison.systems.count > 2 {
            sentence += " Holm: p corrected for \(comparison.systems.count - 1) comparisons in the same metric."
        }
        return sentence
    }

    private func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
