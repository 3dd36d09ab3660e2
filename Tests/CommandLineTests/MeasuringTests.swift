import Foundation
import TestSupport
import Testing

@Suite("rubricator inspect, evaluate and bench")
struct MeasuringTests {
    private let program = Program("rubricator")
    private let checkpoint = Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32").path()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("inspect describes a checkpoint")
    func inspect() throws {
        let outcome = try program.run(["inspect", "--tensors", checkpoint])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("BACKGROUND, OBJECTIVE, METHODS, RESULTS, CONCLUSIONS"))
        #expect(outcome.output.contains("crf.transitions"))
    }

    @Test("evaluate prints its results as a table and as JSON")
    func evaluate() throws {
        let corpus = directory.url.appending(path: "corpus.jsonl")
        let text = "The risk of stroke. Patients were randomized."
        let spans = #"[{"label": "BACKGROUND", "start": 0, "end": 19}, {"label": "METHODS", "start": 20, "end": 45}]"#
        try Data(#"{"id": "a", "text": "\#(text)", "sections": \#(spans), "sentences": \#(spans)}"#.utf8)
            .write(to: corpus)
        let plain = try program.run(["evaluate", "--model", checkpoint, corpus.path()])
        let json = try program.run(["evaluate", "--model", checkpoint, "--json", corpus.path()])
        #expect(plain.status == 0 && json.status == 0)
        #expect(plain.output.contains("micro"))
        #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [String: Any])
    }

    @Test("bench accepts abstracts as texts and as sentences")
    func bench() throws {
        let file = directory.url.appending(path: "two.jsonl")
        try Data(
            "\"The risk of stroke. We aimed to control it.\"\n{\"sentences\": [\"The risk\", \"of stroke\"]}\n".utf8
        )
        .write(to: file)
        let outcome = try program.run(["bench", "--model", checkpoint, "--threads", "1", file.path()])
        #expect(outcome.status == 0)
        for stage in ["sentences", "tokens", "attention", "CRF", "JSON out", "abstracts together"] {
            #expect(outcome.output.contains(stage))
        }
    }

    struct Format: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let name: String
        let content: String
        var options: [String] = []
    }

    @Test(
        "evaluate reads every format of abstracts that fit reads",
        arguments: [
            Format(
                testDescription: "PubMed RCT text", name: "a.txt",
                content: "###1\nBACKGROUND\tthe risk of stroke\nMETHODS\tpatients were randomized\n"),
            Format(
                testDescription: "a JSON line for each sentence", name: "a.jsonl",
                content: """
                    {"abstract_id": "1", "label": "Background", "text": "the risk of stroke"}
                    {"abstract_id": "1", "label": "Methods", "text": "patients were randomized"}
                    """),
            Format(
                testDescription: "JSON lines of abstracts, labels in other case", name: "a.jsonl",
                content:
                    #"{"id": "1", "text": "A. B.", "sections": [{"label": "Methods", "start": 0, "end": 5}], "sentences": [{"label": "Methods", "start": 0, "end": 2}, {"label": "Methods", "start": 3, "end": 5}]}"#
            ),
            Format(
                testDescription: "CSV of numbered sentences without a header", name: "a.csv",
                content: "1,0,the risk of stroke\n1,2,patients were randomized\n",
                options: [
                    "--no-header", "--id-column", "1", "--label-column", "2", "--text-column", "3", "--labels",
                    "BACKGROUND,OBJECTIVE,METHODS,RESULTS,CONCLUSIONS",
                ]),
        ])
    func formats(_ format: Format) throws {
        let file = directory.url.appending(path: format.name)
        try Data(format.content.utf8).write(to: file)
        let outcome = try program.run(
            ["evaluate", "--model", checkpoint, "--json"] + format.options + [file.path()])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("\"abstracts\":1"), "\(outcome.output)")
    }
}
