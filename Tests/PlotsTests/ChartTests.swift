import Evaluation
import Plots
import TestSupport
import Testing

@Suite("Charts")
struct ChartTests {
    @Test("A PNG has the requested size, and nothing is cut off at its edges", arguments: ChartCase.readable)
    func picture(_ row: ChartCase) throws {
        let picture = try Picture(png: row.chart.png(width: 900, height: 600, scale: 1))
        #expect((picture.width, picture.height) == (900, 600))
        #expect(picture.pixels.count { $0 != 0xFFFFFF } > 4_000)
        #expect(Set(picture.pixels).count > 20)
        #expect(picture.edge.allSatisfy { $0 == 0xFFFFFF })
    }

    @Test("An SVG is well-formed and contains every name", arguments: ChartCase.readable + ChartCase.hostileCases)
    func drawing(_ row: ChartCase) throws {
        let document = try MarkupDocument(String(decoding: row.chart.svg(), as: UTF8.self))
        let root = try #require(document.elements.first)
        #expect(root.name == "svg")
        #expect(root.attributes["viewBox"] == "0 0 900 600")
        #expect(document.elements("path").count + document.elements("use").count > 10)
        for name in row.names {
            let written = String(
                String.UnicodeScalarView(
                    name.unicodeScalars.map { $0 == "\0" || $0 == "\u{1}" || $0 == "\u{FFFE}" ? "\u{FFFD}" : $0 }))
            #expect(document.text.contains(written) || written.isEmpty, "\(name)")
        }
    }

    @Test("A chart with nothing to draw says \"no data\"", arguments: ChartCase.withoutData)
    func withoutData(_ row: ChartCase) throws {
        let document = try MarkupDocument(String(decoding: row.chart.svg(), as: UTF8.self))
        #expect(document.elements("desc").first?.text.lowercased().contains("no data") == true)
        let picture = try Picture(png: row.chart.png(scale: 1))
        // Only the title and two words in a frame.
        #expect((1_000..<12_000).contains(picture.pixels.count { $0 != 0xFFFFFF }))
    }

    @Test(
        "Equal charts produce equal bytes",
        arguments: [ChartCase.smoothed, .reliability] + ChartCase.all("roles", ChartCase.roles))
    func determinism(_ row: ChartCase) throws {
        #expect(try row.chart.png() == row.chart.png())
        #expect(try row.chart.svg() == row.chart.svg())
    }

    @Test("An element for a page has prefixed identifiers, resolvable references and the page's colours")
    func element() throws {
        let chart = ChartCase.smoothed.chart
        let text = try chart.svgElement(width: 700, height: 400, name: "first")
        let document = try MarkupDocument(text)
        let identifiers = document.elements.compactMap { $0.attributes["id"] }
        #expect(identifiers.count == Set(identifiers).count)
        #expect(identifiers.allSatisfy { $0.hasPrefix("first-") })
        for use in document.elements("use") {
            let target = try #require(use.attributes["xlink:href"])
            #expect(target.hasPrefix("#") && identifiers.contains(String(target.dropFirst())))
        }
        let labels = try #require(document.elements.first?.attributes["aria-labelledby"]).split(separator: " ")
        #expect(labels.count == 2 && labels.allSatisfy { identifiers.contains(String($0)) })
        #expect(
            text.contains("var(--ink,rgb(") && text.contains("var(--faint,rgb(") && text.contains("var(--line,rgb("))
        // An element has no background.
        #expect(document.elements("rect").isEmpty)
        let alone = try String(decoding: chart.svg(), as: UTF8.self)
        #expect(!alone.contains("var("))
        #expect(alone.hasPrefix("<?xml"))
    }

    @Test(
        "Values that cannot be drawn are left out, and the others are drawn",
        arguments: [
            Double.nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, -0.0, 1e149,
        ])
    func extremes(_ value: Double) throws {
        let points = [Point(x: 1, y: 0.5), Point(x: 2, y: value), Point(x: value, y: 0.25), Point(x: 3, y: 0.75)]
        let charts: [any Chart] = [
            LineChart(title: "a", xTitle: "x", yTitle: "y", series: [.init(name: "a", points: points)]),
            LineChart(
                title: "a", xTitle: "x", yTitle: "y", series: [.init(name: "a", points: points)], isLogarithmic: true),
            LineChart(title: "a", xTitle: "x", yTitle: "y", smoothing: "a", points),
            BarChart(title: "a", xTitle: "x", figures: ["f", "g"], runs: [.init(name: "r", values: [value, 0.5])]),
            ForestPlot(
                title: "a", xTitle: "x",
                rows: [
                    .init(name: "a", difference: value, low: value, high: value),
                    .init(name: "b", difference: 0, low: -1, high: 1),
                ]),
            ScatterChart(
                title: "a", xTitle: "x", yTitle: "y",
                items: points.enumerated().map { .init(name: "\($0)", x: $1.x, y: $1.y) }),
        ]
        for chart in charts {
            let picture = try Picture(png: chart.png(scale: 1))
            #expect(picture.pixels.count { $0 != 0xFFFFFF } > 1_500, "\(type(of: chart))")
            #expect(!chart.summary.contains("No data"), "\(type(of: chart))")
        }
    }

    @Test(
        "A size or scale out of range is an error",
        arguments: [(0, 600, 1.0), (900, 20_000, 1), (900, 600, 0), (900, 600, .nan), (9_000, 600, 4)])
    func sizes(_ width: Int, _ height: Int, _ scale: Double) {
        #expect {
            try ChartCase.smoothed.chart.png(width: width, height: height, scale: scale)
        } throws: {
            "\($0)".contains("\(width) × \(height) points") && "\($0)".contains("cannot be drawn")
        }
    }

    @Test("The summary of label confusions gives shares of the texts with the label and of the texts without it")
    func confusionOfEachLabel() {
        var tally = MultiLabelCounts(labels: ["a", "b", "c"])
        for (truth, given) in [
            ([true, true], [true, false]), ([true, true], [false, true]), ([false, true], [true, true]),
        ] {
            tally.count(truth: truth + [false], given: given + [false])
        }
        let confusions = LabelConfusions(tally)
        #expect(confusions.counts == [[1, 1, 1, 0], [2, 0, 1, 0], [0, 0, 0, 3]])
        #expect(
            LabelConfusionChart(title: "m", confusions: confusions).summary
                == "a: predicted for 50.0% of the texts that have it (2); predicted for 100.0% of the others. "
                + "b: predicted for 66.7% of the texts that have it (3); there are no others. "
                + "c: no text has it; predicted for 0.0% of the others."
        )
    }

    @Test("A cell of the confusion matrix is shaded by its share of the row")
    func shades() throws {
        var matrix = ConfusionMatrix(labels: ["a", "b"])
        matrix.count(truth: 0, given: 0, times: 30)
        matrix.count(truth: 0, given: 1, times: 10)
        matrix.count(truth: 1, given: 1, times: 7)
        let picture = try Picture(png: ConfusionChart(title: "m", matrix: matrix).png(scale: 1))
        // #0072B2 over white, with an opacity of 0.75 · share.
        for (share, expected) in [(1.0, 0x4095C6), (0.75, 0x70B0D4), (0.25, 0xCFE5F1)] as [(Double, UInt32)] {
            let near = picture.pixels.count { pixel in
                [16, 8, 0].allSatisfy { abs(Int(pixel >> $0 & 0xFF) - Int(expected >> $0 & 0xFF)) <= 1 }
            }
            #expect(near > 5_000, "\(share)")
        }
    }
}
