import Evaluation
import Labelling
public import Plots

extension RunReport {
    /// Returns the report as one self-contained HTML document, for screens of any width, light and dark mode, and print.
    ///
    /// - Throws: ``CanvasError`` if a chart cannot be drawn.
    public func page() throws(CanvasError) -> String {
        var figures = FigureWriter()
        var sections: [(id: String, title: String, content: HTML)] = []
        let curves = self.curves
        if !curves.isEmpty {
            sections.append(("curves", "Curves", try figures.figures(curves.map(\.chart))))
        }
        sections.append(("final", "Final metrics", try figures.figures([finalMetrics])))
        for part in parts {
            var content = try figures.figures(charts(part).map(\.chart))
            content += labelTable(part)
            content += mistakes(part)
            sections.append((part.prefix, part.title, content))
        }
        for (id, title, rows) in [
            ("parameters", "Parameters", parameters), ("environment", "Environment", environment),
        ]
        where !rows.isEmpty {
            let cells = rows.map { [$0.name, $0.value] }
            sections.append((id, title, table(caption: title, columns: ["name", "value"], cells)))
        }
        if !data.isEmpty { sections.append(("data", "Data", dataTable)) }
        let links: HTML = sections.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>\n" }.joined()
        let body: HTML = sections.map { id, title, content in
            """
            <section id="\(id)" aria-labelledby="\(id)-heading">
            <h2 id="\(id)-heading">\(title)</h2>
            \(content)</section>

            """
        }.joined()
        let style = HTML(markup: String(decoding: PackageResources.report_css, as: UTF8.self))
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>\(title)</title>
            <link rel="icon" href="data:,"/>
            <style>
            \(style)</style>
            </head>
            <body>
            <header>
            <h1>\(title)</h1>
            \(subtitle.isEmpty ? "" : "<p>\(subtitle)</p>\n" as HTML)\(parts.map(keyFigures).joined())</header>
            <nav aria-label="Contents"><ul>
            \(links)</ul></nav>
            <main>
            \(body)</main>
            </body>
            </html>

            """
        return page.text
    }

    /// The content security policy: the page may not load or run anything.
    private static let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

    /// Returns the most important metrics of a part, for the top of the page.
    private func keyFigures(_ part: Part) -> HTML {
        let wanted = ["accuracy", "subset_accuracy", "micro_f1", "macro_f1", "weighted_f1", "samples_f1"]
        var figures = part.figures.filter { wanted.contains($0.name) }
        if part.predictions.areExclusive {
            figures.append(("expected_calibration_error", part.predictions.calibration.expectedError))
        }
        let cells: HTML = figures.map {
            "<div><dt>\($0.name.replacing("_", with: " "))</dt><dd>\(fourDigits($0.value))</dd></div>\n"
        }.joined()
        return "<h2 class=\"part\">\(part.title), \(part.predictions.items.count) items</h2>\n<dl>\n\(cells)</dl>\n"
    }

    private func labelTable(_ part: Part) -> HTML {
        let scores = part.scores
        let thresholds = part.predictions.areExclusive ? nil : thresholds?.values
        func row(_ name: String, _ scores: LabelScores, _ threshold: Double?) -> [String] {
            [name] + [scores.precision, scores.recall, scores.f1].map(fourDigits) + [formatted(scores.support)]
                + (thresholds == nil ? [] : [threshold.map(fourDigits) ?? ""])
        }
        var rows = zip(scores.labels.indices, scores.labels).map { place, label in
            row(label, scores.scores(place), thresholds.flatMap { place < $0.count ? $0[place] : nil })
        }
        for (name, average) in [
            (part.predictions.areExclusive ? "accuracy" : "micro average", scores.micro),
            ("macro average", scores.macro), ("weighted average", scores.weighted),
        ] {
            rows.append(row(name, average, nil))
        }
        let columns = ["label", "precision", "recall", "F1", "support"] + (thresholds == nil ? [] : ["threshold"])
        return "<h3>Labels</h3>\n\(table(caption: "\(part.title): scores by label", columns: columns, rows))"
    }

    private static let mistakesShown = 20

    private func mistakes(_ part: Part) -> HTML {
        let predictions = part.predictions
        let mistakes = predictions.worstMistakes(Self.mistakesShown)
        let total = predictions.items.count { Set($0.truth) != Set($0.given) }
        guard !mistakes.isEmpty else { return "<h3>Worst mistakes</h3>\n<p>None.</p>\n" }
        let items: HTML = mistakes.map { mistake in
            func context(_ text: String?) -> HTML { text.map { "<p class=\"context\">\(shown($0))</p>\n" } ?? "" }
            func names(_ labels: [String]) -> String { labels.isEmpty ? "none" : labels.joined(separator: ", ") }
            return """
                <li>
                \(context(mistake.before))<p class="mistaken">\(shown(mistake.text))</p>
                \(context(mistake.after))<p class="verdict">true <b>\(names(mistake.truth))</b>, predicted <b>\(names(mistake.given))</b>; \
                probability of \(mistake.label) \(fourDigits(mistake.probability)) <span class="id">\(mistake.id)</span></p>
                </li>

                """
        }.joined()
        let beside: HTML =
            predictions.items.contains { $0.sentence != nil } ? ", each between its neighbouring sentences" : ""
        return """
            <h3>Worst mistakes</h3>
            <p>The \(mistakes.count) most confident of \(total)\(beside).</p>
            <ol class="mistakes">
            \(items)</ol>

            """
    }

    /// Returns a text, cut after 700 characters.
    private func shown(_ text: String) -> String {
        let most = 700
        return text.count > most ? text.prefix(most) + "…" : text
    }

    private var dataTable: HTML {
        table(
            caption: "Data", columns: ["name", "counts", "SHA-256"],
            data.map { set in
                [set.name, set.counts.map { "\(formatted($0.count)) \($0.name)" }.joined(separator: ", "), set.sha256]
            })
    }

    /// Returns a table; the first cell of each row is the row's heading.
    private func table(caption: String, columns: [String], _ rows: [[String]]) -> HTML {
        let head: HTML = columns.map { "<th scope=\"col\">\($0)</th>" }.joined()
        let body: HTML = rows.map { row in
            let cells: HTML = row.dropFirst().map { "<td>\($0)</td>" }.joined()
            return "<tr><th scope=\"row\">\(row.first ?? "")</th>\(cells)</tr>\n"
        }.joined()
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(caption)">
            <table>
            <caption>\(caption)</caption>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body)</tbody>
            </table>
            </div>

            """
    }
}

/// Converts charts to HTML figures and gives each a unique identifier prefix in the page.
private struct FigureWriter {
    private var count = 0

    mutating func figures(_ charts: [any Chart]) throws(CanvasError) -> HTML {
        var figures: HTML = ""
        for chart in charts {
            count += 1
            let element = HTML(markup: try chart.svgElement(width: 760, height: 480, name: "chart-\(count)"))
            figures += """
                <figure class="scroll" tabindex="0" role="group" aria-label="\(chart.title)">
                \(element)</figure>

                """
        }
        return figures
    }
}
