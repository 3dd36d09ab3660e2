import Checkpoint
import FoundationEssentials
import Glibc
import Labelling
import Model
import TestSupport
import Testing
import Text

@Suite("Damaged checkpoints")
struct DamagedCheckpointTests {
    @Test("The shipped checkpoint is refused with an error if it is cut off at any thousandth byte")
    func truncated() throws {
        let directory = try TemporaryDirectory(copyOf: Locations.models)
        let weights = directory.url.appending(path: "model.safetensors")
        let size = try Data(contentsOf: weights).count
        for length in stride(from: (size - 1) / 1_000 * 1_000, through: 0, by: -1_000) {
            let status = unsafe truncate(weights.path(), length)
            #expect(status == 0)
            #expect(throws: CheckpointError.self, "\(length) bytes") {
                try CheckpointDirectory(path: directory.url.path()).tensors()
            }
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let file: String
        let content: String?
        let says: String
    }

    @Test(
        "The error names a file that is missing or belongs to another model",
        arguments: [
            Row(testDescription: "no config.json", file: "config.json", content: nil, says: "config.json"),
            Row(testDescription: "no vocab.txt", file: "vocab.txt", content: nil, says: "vocab.txt"),
            Row(testDescription: "no weights", file: "model.safetensors", content: nil, says: "model.safetensors"),
            Row(testDescription: "empty weights", file: "model.safetensors", content: "", says: "model.safetensors"),
            Row(
                testDescription: "a vocabulary that is too large", file: "vocab.txt",
                content: "[PAD]\n[UNK]\n[CLS]\n[SEP]\n" + (0..<9_000).map { "w\($0)" }.joined(separator: "\n"),
                says: "vocab.txt has 9004 tokens"),
            Row(
                testDescription: "a vocabulary without [SEP]", file: "vocab.txt", content: "[PAD]\n[UNK]\n[CLS]\na\n",
                says: "[SEP]"),
            Row(
                testDescription: "a tokenizer setting of another type", file: "tokenizer_config.json",
                content: #"{"do_lower_case": "yes"}"#, says: "do_lower_case"),
            Row(
                testDescription: "another architecture", file: "config.json", content: #"{"model_type": "roberta"}"#,
                says: "roberta"),
        ])
    func files(_ row: Row) throws {
        let directory = try TemporaryDirectory(
            copyOf: Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32"))
        let file = directory.url.appending(path: row.file)
        if let content = row.content {
            try Data(content.utf8).write(to: file)
        } else {
            try FileManager.default.removeItem(at: file)
        }
        let error = #expect(throws: (any Error).self) { try Labeller(CheckpointDirectory(path: directory.url.path())) }
        #expect("\(String(describing: error))".contains(row.says), "\(String(describing: error))")
    }

    @Test("DistilBERT is refused by name")
    func distilbert() throws {
        let directory = Locations.fixtures.appending(path: "checkpoints/distilbert-config")
        let error = #expect(throws: ModelError.self) { try Labeller(CheckpointDirectory(path: directory.path())) }
        #expect(error?.description.contains("distilbert") == true)
    }
}
