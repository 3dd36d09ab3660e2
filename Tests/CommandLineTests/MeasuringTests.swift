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
        for stage in ["sentences", "pieces", "attention", "CRF", "JSON out", "abstracts together"] {
            #expect(outcome.output.contains(stage))
        }
    }
}
