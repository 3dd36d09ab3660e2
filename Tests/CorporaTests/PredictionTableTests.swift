import Corpora
import Testing

@Suite("Tables with predicted labels")
struct PredictionTableTests {
    private func table(
        _ content: String, name: String = "in.csv", needsLabels: Bool = true, _ reader: TextReader = TextReader()
    ) throws -> PredictionTable {
        try reader.readTable(CorpusFile(name: name, stored: Array(content.utf8)), needsLabels: needsLabels)
    }

    private func text(_ table: PredictionTable, _ predicted: [[String]], asList: Bool = false) -> [String] {
        String(decoding: table.content(predicted: predicted, asList: asList), as: UTF8.self)
            .split(whereSeparator: \.isNewline).map(String.init)
    }

    @Test("A CSV table is written with one additional column")
    func csv() throws {
        let table = try table("id,title,abstract,group\n1,Stroke,\"A, B.\",x|y\n")
        #expect(table.rows.map(\.text) == ["Stroke A, B."] && table.predictedColumn == "group_predicted")
        #expect(table.rows[0].labels == ["x|y"])
        #expect(
            text(table, [["x", "z"]]) == ["id,title,abstract,group,group_predicted", "1,Stroke,\"A, B.\",x|y,x|z"])
    }

    @Test("A table in the format of AG News is written: no header, numbered labels and several text columns")
    func withoutHeader() throws {
        var reader = TextReader()
        reader.layout.hasHeader = false
        reader.textColumns = ["2", "3"]
        reader.labelColumn = "1"
        reader.labels = LabelNames(["World", "Sports"], firstNumber: 1)
        let table = try table("2,Cup,Who won.\n1,Vote,Who lost.\n", reader)
        #expect(table.rows.map(\.text) == ["Cup Who won.", "Vote Who lost."])
        #expect(table.rows.map(\.labels) == [["Sports"], ["World"]])
        #expect(text(table, [["World"], ["World"]]) == ["2,Cup,Who won.,World", "1,Vote,Who lost.,World"])
    }

    @Test("JSON lines are written with one additional member")
    func jsonLines() throws {
        let lines = #"{"text":"A.","label":"x"}"# + "\n" + #"{"label":"y","text":"B."}"#
        let table = try table(lines, name: "in.jsonl")
        #expect(
            text(table, [["y"], ["y"]]) == [
                #"{"text":"A.","label":"x","label_predicted":"y"}"#,
                #"{"label":"y","text":"B.","label_predicted":"y"}"#,
            ])
        #expect(text(table, [["x", "y"], []], asList: true)[0].hasSuffix(#""label_predicted":["x","y"]}"#))
    }

    @Test("A table needs true labels only for evaluation")
    func labels() throws {
        let content = "title,abstract\nA,B\n"
        #expect(try table(content, needsLabels: false).rows.map(\.labels) == [nil])
        // Rows that are to be predicted may have an empty cell for the label.
        #expect(try table("text,label\nA,\n", needsLabels: false).rows.map(\.labels) == [nil])
        let error = #expect(throws: CorpusError.self) { try table(content) }
        #expect(error?.description.hasPrefix("in.csv, line 1: expected a column") == true)
    }
}
