import Evaluation
import Testing

@Suite("CSV table of predictions")
struct PredictionsTableTests {
    private func lines(_ predictions: Predictions) -> [String] {
        String(decoding: predictions.csv, as: UTF8.self).components(separatedBy: "\r\n")
    }

    @Test("The table has a row for each sentence")
    func sentences() {
        let predictions = Predictions(
            labels: ["A", "B"], areExclusive: true,
            items: [
                Prediction(id: "7", sentence: 0, text: "one", truth: [0], given: [1], probabilities: [0.25, 0.75]),
                Prediction(id: "7", sentence: 1, text: "two", truth: [1], given: [1], probabilities: [0.1, 0.9]),
            ])
        #expect(
            lines(predictions) == [
                "id,sentence,text,label,predicted,p_A,p_B", "7,0,one,A,B,0.25,0.75", "7,1,two,B,B,0.1,0.9", "",
            ])
    }

    @Test("Several labels are separated by bars")
    func severalLabels() {
        let predictions = Predictions(
            labels: ["A", "B"], areExclusive: false,
            items: [Prediction(id: "t", text: "x", truth: [0, 1], given: [], probabilities: [0, 1e-9])])
        #expect(lines(predictions) == ["id,sentence,text,label,predicted,p_A,p_B", "t,,x,A|B,,0.0,1e-09", ""])
    }

    @Test(
        "Fields that a reader would split are quoted",
        arguments: [
            ("a, b", "\"a, b\""), ("say \"a\"", "\"say \"\"a\"\"\""), ("a\nb", "\"a\nb\""), ("a\r", "\"a\r\""),
            (" a", "\" a\""), ("a\t", "\"a\t\""), ("", ""), ("ü 中", "ü 中"), ("'a'", "'a'"),
        ])
    func quoting(_ text: String, _ cell: String) {
        let predictions = Predictions(
            labels: ["A"], areExclusive: true,
            items: [Prediction(id: text, text: text, truth: [0], given: [0], probabilities: [1])])
        #expect(
            String(decoding: predictions.csv, as: UTF8.self)
                == "id,sentence,text,label,predicted,p_A\r\n\(cell),,\(cell),A,A,1.0\r\n")
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
