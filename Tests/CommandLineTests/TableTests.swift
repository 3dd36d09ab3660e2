import Foundation
import TestSupport
import Testing

@Suite("rubricator predict and evaluate on CSV")
struct TableTests {
    private let program = Program("rubricator")
    private let checkpoint = Locations.fixtures.appending(path: "checkpoints/multilabel").path()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func path(_ name: String) -> String { directory.url.appending(path: name).path() }

    private func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: directory.url.appending(path: name))
        return path(name)
    }

    private func run(_ command: String, _ file: String, _ options: String...) throws -> Program.Outcome {
        try program.run([command, "--model", checkpoint, "--predictions", path("out.csv")] + options + [file])
    }

    private func predictions() throws -> [String] {
        String(decoding: try Data(contentsOf: directory.url.appending(path: "out.csv")), as: UTF8.self)
            .split(separator: "\r\n").map(String.init)
    }

    @Test("predict adds a column, and evaluate with this column as true labels gives a weighted F1 of 1")
    func story() throws {
        let rows = [
            #"1,Stroke risk,"We counted ""3"" strokes, in adults.""#, "2,,The kidney and the liver failed.",
            "3,Tumours of the heart,",
        ]
        let outcome = try run(
            "predict", try write("id,title,abstract\n" + rows.joined(separator: "\n"), to: "in.csv"))
        #expect(outcome.status == 0, "\(outcome.errors)")
        let predicted = try predictions()
        #expect(predicted[0] == "id,title,abstract,group_predicted" && predicted.count == 4)
        for (row, line) in zip(rows, predicted.dropFirst()) { #expect(line.hasPrefix(row + ",")) }
        #expect(predicted.dropFirst().contains { !$0.hasSuffix(",") }, "nothing was given a label")

        let labelled = predicted.joined(separator: "\n").replacing("group_predicted", with: "group")
        let evaluation = try run("evaluate", try write(labelled, to: "labelled.csv"))
        #expect(evaluation.status == 0, "\(evaluation.errors)")
        #expect(evaluation.lines.first == "weighted F1 1.0000")
        #expect(evaluation.output.contains("samples avg") && evaluation.output.contains("false pos."))
        let both = try predictions()
        #expect(both[0] == "id,title,abstract,group,group_predicted")
        let json = try run("evaluate", path("labelled.csv"), "--json")
        #expect(json.output.contains("\"weighted_f1\":1"))
    }

    @Test("Numbered labels without a header, and JSON lines, are predicted and then evaluated")
    func otherTables() throws {
        let labels = ["treatment", "diagnosis", "prevention"]
        let classifier = Locations.fixtures.appending(path: "checkpoints/uncased-single-f32").path()
        let arguments = ["--model", classifier, "--no-header", "--text-column", "2", "--text-column", "3"]
        let plain = try write("1,Stroke,the risk of stroke\n2,Trial,patients were randomized\n", to: "plain.csv")
        let predicted = try program.run(["predict"] + arguments + ["--predictions", path("out.csv"), plain])
        #expect(predicted.status == 0, "\(predicted.errors)")
        let numbered = try predictions().map { line in
            let fields = line.split(separator: ",").map(String.init)
            return "\((labels.firstIndex(of: fields[3]) ?? 9) + 1),\(fields[1]),\(fields[2])"
        }
        let outcome = try program.run(
            ["evaluate", "--label-column", "1", "--labels", labels.joined(separator: ","), "--first-label", "1"]
                + arguments + [
                    "--predictions", path("again.csv"),
                    try write(numbered.joined(separator: "\n"), to: "numbered.csv"),
                ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.lines.first == "weighted F1 1.0000", "\(outcome.output)")

        let lines = try write(#"{"text": "the risk of stroke", "label": ""}"#, to: "texts.jsonl")
        let json = try program.run(
            ["predict", "--model", classifier, "--predictions", path("out.jsonl"), lines])
        #expect(json.status == 0, "\(json.errors)")
        let written = try String(contentsOfFile: path("out.jsonl"), encoding: .utf8)
        #expect(labels.contains { written.contains("\"label_predicted\":\"\($0)\"") }, "\(written)")
    }

    @Test(
        "A bad row is named with its line, gives exit status 2, and nothing is written",
        arguments: [
            ("title,abstract\nA,B\n", "line 1: expected a column \"label\" or \"labels\" or \"group\""),
            (
                "title,abstract,group\nA,B,\n\nA,B,dental\n",
                "line 4: the text beginning with \"A B\" has the label \"dental\""
            ),
            ("title,abstract,group\nA,B\n", "line 2: expected 3 columns as in the first record, found 2"),
            ("title,abstract,group\n ,,\n", "line 2: title and abstract are blank"),
            ("title,abstract,group\nA,\"B,\n", "line 2: the record has a quoted field that never ends"),
            ("title,abstract,group\n", "there are no rows"), ("", "the file is empty"),
        ])
    func badRows(content: String, says: String) throws {
        let outcome = try run("evaluate", try write(content, to: "bad.csv"))
        #expect(outcome.status == 2 && outcome.errors.contains(says), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: path("out.csv")))
    }
}
