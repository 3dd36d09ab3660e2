import Evaluation
import Plots
@testable import Report
import TestSupport
import Testing

@Suite("Run reports")
struct RunReportTests {
    private static let roles = ["BACKGROUND", "METHODS", "RESULTS"]

    /// Five sentences of two abstracts; two of them have a wrong predicted label.
    private static let sentences = Predictions(
        labels: roles, areExclusive: true,
        items: [
            Prediction(id: "A", sentence: 0, text: "A0", truth: [0], given: [0], probabilities: [0.9, 0.05, 0.05]),
            Prediction(id: "A", sentence: 1, text: "A1", truth: [1], given: [2], probabilities: [0.1, 0.3, 0.6]),
            Prediction(id: "A", sentence: 2, text: "A2", truth: [2], given: [2], probabilities: [0.1, 0.1, 0.8]),
            Prediction(id: "B", sentence: 0, text: "B0", truth: [0], given: [1], probabilities: [0.1, 0.85, 0.05]),
            Prediction(id: "B", sentence: 1, text: "B1", truth: [1], given: [1], probabilities: [0.2, 0.7, 0.1]),
        ])

    private static let groups = Predictions(
        labels: ["x", "y"], areExclusive: false,
        items: [
            Prediction(id: "1", text: "one", truth: [0], given: [0], probabilities: [0.9, 0.1]),
            Prediction(id: "2", text: "two", truth: [0, 1], given: [0], probabilities: [0.8, 0.02]),
            Prediction(id: "3", text: "three", truth: [], given: [1], probabilities: [0.3, 0.7]),
        ])

    private static func whole(_ development: Predictions, test: Predictions? = nil, suspect: String = "run")
        -> RunReport
    {
        var report = RunReport(title: suspect, subtitle: "about \(suspect)", development: development, test: test)
        report.histories = [
            RunReport.History(name: "train_loss", axis: .step, values: (1...50).map { ($0, 1 / Double($0)) }),
            RunReport.History(name: "val_accuracy", axis: .epoch, values: [(1, 0.5), (2, 0.75)]),
            RunReport.History(name: "val_macro_f1 \(suspect)", axis: .epoch, values: [(1, 0.4), (2, .nan)]),
            RunReport.History(name: "seconds", axis: .epoch, values: [(1, 60), (2, 61)]),
            RunReport.History(name: "../learning rate", axis: .step, values: [(1, 1e-4), (2, 5e-5)]),
        ]
        report.parameters = [("seed", "1"), (suspect, suspect)]
        report.data = [RunReport.DataSet(name: suspect, counts: [("abstracts", 1_200)], sha256: "0123abcd")]
        report.environment = [("host", suspect)]
        return report
    }

    @Test(
        "A page is complete and well-formed and loads nothing",
        arguments: [
            whole(sentences, test: sentences), whole(sentences), whole(groups),
            RunReport(title: "empty", development: Predictions(labels: [], areExclusive: true)),
        ])
    func page(_ report: RunReport) throws {
        let page = try report.page()
        let document = try MarkupDocument(page)
        let identifiers = document.elements.compactMap { $0.attributes["id"] }
        #expect(identifiers.count == Set(identifiers).count)
        for element in document.elements {
            for name in ["href", "xlink:href", "src"] {
                guard let target = element.attributes[name] else { continue }
                #expect(target == "data:," || identifiers.contains(String(target.dropFirst())), "\(target)")
            }
            for name in (element.attributes["aria-labelledby"] ?? "").split(separator: " ") {
                #expect(identifiers.contains(String(name)))
            }
        }
        #expect(document.elements("script").isEmpty)
        #expect(!page.contains("@import") && !page.contains("url(h"))
        #expect(document.elements("html").first?.attributes["lang"] == "en")
        #expect(document.elements("h1").map(\.text) == [report.title])
        #expect(document.elements("table").count == document.elements("caption").count)
        #expect(document.elements("svg").allSatisfy { $0.attributes["role"] == "img" })
        #expect(document.elements("svg").count == report.charts.count)
        #expect(try report.page() == page)
    }

    @Test("Heading levels never skip a level downwards")
    func headings() throws {
        let document = try MarkupDocument(Self.whole(Self.sentences, test: Self.sentences).page())
        let levels = document.elements.compactMap {
            $0.name.count == 2 && $0.name.hasPrefix("h") ? Int($0.name.dropFirst()) : nil
        }
        #expect(levels.first == 1)
        for (level, next) in zip(levels, levels.dropFirst()) { #expect(next <= level + 1) }
    }

    @Test(
        "Names, sentences and all other values are escaped",
        arguments: [
            "<script>alert(1)</script>", "</title></style><img src=\"x\" onerror=\"alert(1)\">", "\" onload=\"x",
            "'&<!--", "]]>", "\0\u{1}",
        ])
    func hostile(_ suspect: String) throws {
        let predictions = Predictions(
            labels: [suspect, "b"], areExclusive: true,
            items: [
                Prediction(
                    id: suspect, sentence: 0, text: "before \(suspect)", truth: [1], given: [1], probabilities: [0, 1]),
                Prediction(
                    id: suspect, sentence: 1, text: "wrong \(suspect)", truth: [1], given: [0],
                    probabilities: [0.9, 0.1]),
            ])
        let document = try MarkupDocument(Self.whole(predictions, test: predictions, suspect: suspect).page())
        #expect(document.elements("script").isEmpty && document.elements("img").isEmpty)
        #expect(document.elements.allSatisfy { $0.attributes.keys.allSatisfy { !$0.hasPrefix("on") } })
        let written = String(
            String.UnicodeScalarView(suspect.unicodeScalars.map { $0.value < 0x20 ? "\u{FFFD}" : $0 }))
        for name in ["title", "h1", "th", "td", "b", "p", "span"] {
            #expect(document.elements(name).contains { $0.text.contains(written) }, "\(name)")
        }
    }

    @Test("The worst mistakes are in descending confidence, with their neighbouring sentences")
    func mistakes() throws {
        let mistakes = Self.sentences.worstMistakes(10)
        #expect(mistakes.map(\.text) == ["B0", "A1"])
        #expect(mistakes.map(\.before) == [nil, "A0"])
        #expect(mistakes.map(\.after) == ["B1", "A2"])
        #expect(mistakes.map(\.truth) == [["BACKGROUND"], ["METHODS"]])
        #expect(mistakes.map(\.given) == [["METHODS"], ["RESULTS"]])
        #expect(mistakes.map(\.probability) == [0.85, 0.6])
        #expect(Self.sentences.worstMistakes(1).map(\.text) == ["B0"])
        let document = try MarkupDocument(Self.whole(Self.sentences).page())
        let paragraphs = document.elements("p").filter { $0.parents.last == "li" }
        #expect(
            paragraphs.map { $0.attributes["class"] } == [
                "mistaken", "context", "verdict", "context", "mistaken", "context", "verdict",
            ])
        #expect(paragraphs.prefix(2).map(\.text) == ["B0", "B1"])
        #expect(paragraphs[2].text.contains("probability of METHODS 0.8500"))
    }

    @Test("If texts have any number of labels, missed and wrongly predicted labels are mistakes")
    func missed() {
        let mistakes = Self.groups.worstMistakes(10)
        #expect(mistakes.map(\.text) == ["two", "three"])
        #expect(mistakes.map(\.label) == ["y", "y"])
        #expect(mistakes.map(\.probability) == [0.02, 0.7])
        #expect(mistakes.map(\.before) == [nil, nil])
    }

    @Test("Scores, parameters, data and environment are in tables")
    func tables() throws {
        let document = try MarkupDocument(Self.whole(Self.sentences).page())
        #expect(
            document.elements("caption").map(\.text)
                == ["Development data: scores by label", "Parameters", "Environment", "Data"])
        let matrix = Self.sentences.confusionMatrix
        for (place, label) in Self.roles.enumerated() {
            #expect(document.elements("th").contains { $0.text == label && $0.attributes["scope"] == "row" })
            #expect(document.elements("td").contains { $0.text == fourDigits(matrix.scores(place).f1) })
        }
        for cell in ["0123abcd", "1,200 abstracts", "1"] {
            #expect(document.elements("td").contains { $0.text == cell }, "\(cell)")
        }
        #expect(document.elements("dd").map(\.text).first == fourDigits(matrix.accuracy))
    }

    @Test("The names of charts are valid file names")
    func charts() {
        let names = Self.whole(Self.sentences, test: Self.sentences).charts.map(\.name)
        #expect(
            names == [
                "train_loss", "___learning_rate", "accuracy", "f1", "metrics", "seconds", "final_metrics",
                "val_confusion_matrix", "val_reliability", "val_precision_recall", "test_confusion_matrix",
                "test_reliability", "test_precision_recall",
            ])
        #expect(
            Self.whole(Self.groups).charts.map(\.name).suffix(3)
                == ["val_confusion_matrix", "val_reliability", "val_precision_recall"])
        // The calibration covers every label of every text.
        #expect(Self.groups.calibration.total == 6)
        #expect(Self.groups.calibration.bins.reduce(0) { $0 + $1.right } == 3)
    }
}
