import Foundation
import TestSupport
import Testing

@Suite("rubricator label")
struct LabelTests {
    private let program = Program("rubricator")
    private let checkpoint = Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32").path()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func label(_ arguments: String..., input: String = "") throws -> Program.Outcome {
        try program.run(["label", "--model", checkpoint] + arguments, input: input)
    }

    private func file(_ name: String, _ contents: String) throws -> String {
        let url = directory.url.appending(path: name)
        try Data(contents.utf8).write(to: url)
        return url.path()
    }

    @Test("Standard input is one abstract, and the output has a line with tabs for every sentence")
    func standardInput() throws {
        let outcome = try label(input: "The risk of stroke was high. We aimed to control it.")
        #expect(outcome.status == 0)
        let rows = outcome.lines.map { $0.split(separator: "\t") }
        #expect(rows.map(\.count) == [3, 3])
        #expect(rows.map(\.last) == ["The risk of stroke was high.", "We aimed to control it."])
    }

    @Test("JSON lines are labelled in order; a bad line is named with its file and gives exit status 1")
    func jsonLines() throws {
        // There are more lines than fit in one run, a blank line, and no line end after the last line.
        let lines = (0..<150).map { #"{"id": "a\#($0)", "text": "The risk of stroke. Therapy increased survival."}"# }
        let all = lines[..<70] + ["", #"{"text": 7}"#] + lines[70...]
        let path = try file("many.jsonl", all.joined(separator: "\r\n"))
        let outcome = try label("--json", path)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("many.jsonl, line 72"))
        let ids = try outcome.lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])["id"] as? String
        }
        #expect(ids == (0..<150).map { "a\($0)" })
    }

    @Test("A line longer than the read buffer is labelled completely")
    func longLine() throws {
        let long = String(repeating: "The risk of stroke was high. ", count: 12_000)
        let path = try file("long.jsonl", "\"Therapy.\"\n{\"id\": \"long\", \"text\": \"\(long)\"}\n\"Survival.\"\n")
        let outcome = try label("--json", path)
        #expect(outcome.status == 0)
        let sentences = try outcome.lines.map { line in
            let answer = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            return try #require(answer["sentences"] as? [Any]).count
        }
        #expect(sentences == [1, 12_000, 1])
    }

    @Test("A missing file is named, and the others are labelled")
    func missingFile() throws {
        let present = try file("present.txt", "Therapy increased survival.")
        let missing = directory.url.appending(path: "missing.txt").path()
        let outcome = try label(missing, present)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("missing.txt: cannot read: No such file or directory"))
        #expect(outcome.lines.count == 1)
        #expect(outcome.output.hasPrefix(present))
    }

    @Test("An unusable checkpoint gives exit status 2, and an invalid command line 64")
    func otherFailures() throws {
        let outcome = try program.run(["label", "--model", directory.url.path()])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(directory.url.path()))
        #expect(try program.run(["label", "--modle", checkpoint]).status == 64)
    }
}
