import Checkpoint
import FoundationEssentials
import Labelling
import TestSupport
import Testing
import Text

@Suite("Text classification")
struct ClassifierLabellingTests {
    @Test(
        "Texts are tokenised, truncated, scored and labelled as by transformers",
        arguments: [
            "uncased-single-f32", "uncased-single-f16", "uncased-single-bf16", "scibert-like", "tinybert-like",
            "bioclinical-cased", "multilabel", "encoder-only-no-prefix", "encoder-only-no-prefix-relu",
        ])
    func texts(name: String) throws {
        let directory = Locations.fixtures.appending(path: "checkpoints/\(name)")
        let golden = try ClassifierGolden(directory: directory)
        let labeller = try Labeller(CheckpointDirectory(path: directory.path()))
        let prepared = try golden.examples.map { try labeller.prepare(text: $0.text) }
        #expect(prepared.map(\.window.ids) == golden.examples.map(\.ids))
        #expect(prepared.map(\.truncated) == golden.examples.map(\.truncated))
        let found = Engine(labeller, threads: 2).label(prepared)
        #expect(largestDifference(found.map(\.scores), golden.examples.map(\.probabilities)) <= 1e-4)
        #expect(found.map { $0.labels.map { labeller.labels[$0] } } == golden.examples.map(\.predicted))
    }

    @Test("A single-label checkpoint labels each sentence of an abstract on its own")
    func sentences() throws {
        let directory = Locations.fixtures.appending(path: "checkpoints/scibert-like")
        let golden = try ClassifierGolden(directory: directory)
        let labeller = try Labeller(CheckpointDirectory(path: directory.path()))
        let examples = golden.examples.filter { !$0.truncated }
        let prepared = try labeller.prepare(Abstract(sentences: examples.map(\.text)))
        let found = Engine(labeller, threads: 1).label([prepared])[0]
        #expect(largestDifference(found.sentences.map(\.scores), examples.map(\.probabilities)) <= 1e-4)
    }

    @Test("A request for another task is refused with the checkpoint's own task")
    func wrongTask() throws {
        let fixtures = Locations.fixtures.appending(path: "checkpoints")
        let multilabel = try Labeller(CheckpointDirectory(path: fixtures.appending(path: "multilabel").path()))
        let labeller = try Labeller(CheckpointDirectory(path: fixtures.appending(path: "sequence-labeller-f32").path()))
        let first = #expect(throws: LabellingError.self) { try multilabel.prepare(Abstract(sentences: ["We did."])) }
        #expect(first?.description.contains("\"texts\"") == true)
        let second = #expect(throws: LabellingError.self) { try labeller.prepare(text: "We did.") }
        #expect(second?.description.contains("\"abstract\"") == true)
    }

    @Test("do_lower_case can be overridden")
    func lowercase() throws {
        let directory = try CheckpointDirectory(
            path: Locations.fixtures.appending(path: "checkpoints/bioclinical-cased").path())
        #expect(try !Labeller(directory).tokenizer.options.lowercase)
        #expect(try Labeller(directory, lowercase: true).tokenizer.options.lowercase)
    }

    struct ThresholdRow: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let json: String
        let says: String
    }

    @Test(
        "Thresholds that do not fit the labels are refused",
        arguments: [
            ThresholdRow(testDescription: "one missing", json: #"{"a":0.5}"#, says: "no threshold for the label \"b\""),
            ThresholdRow(testDescription: "one too many", json: #"{"a":0.5,"b":0.5,"c":0.5}"#, says: "\"c\""),
            ThresholdRow(testDescription: "out of range", json: #"{"a":0.5,"b":1.5}"#, says: "1.5"),
            ThresholdRow(testDescription: "a short list", json: "[0.5]", says: "1 thresholds"),
            ThresholdRow(testDescription: "not numbers", json: #"{"a":"x"}"#, says: "expected an object"),
        ])
    func thresholds(_ row: ThresholdRow) {
        let error = #expect(throws: LabellingError.self) {
            try Thresholds(json: Array(row.json.utf8), labels: ["a", "b"])
        }
        #expect(error?.description.contains(row.says) == true)
    }

    @Test("Thresholds may be an object or a list")
    func thresholdForms() throws {
        #expect(try Thresholds(json: Array(#"{"b":0.25,"a":0.75}"#.utf8), labels: ["a", "b"]).values == [0.75, 0.25])
        #expect(try Thresholds(json: Array("[0.75, 0.25]".utf8), labels: ["a", "b"]).values == [0.75, 0.25])
    }
}
