import FoundationEssentials
import Kernels
import Model
import TestSupport
import Testing

@Suite("config.json")
struct ConfigurationTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let json: String
        /// Words that the error message must contain.
        let says: [String]
        var testDescription: String { name }

        init(_ name: String, _ json: String, _ says: String...) {
            self.name = name
            self.json = json
            self.says = says
        }
    }

    private static let sizes =
        #""vocab_size":9,"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":16"#

    static let refused = [
        Row("an unsupported architecture", #"{"model_type":"distilbert"}"#, "model_type", "distilbert", "bert"),
        Row("not JSON", "{", "it is not valid JSON"),
        Row("not an object", "[1]", "it is not an object"),
        Row("an empty object", "{}", "vocab_size is missing"),
        Row("a size of the wrong type", #"{"vocab_size":"many"}"#, "vocab_size", "whole number"),
        Row("a negative size", #"{"vocab_size":-5}"#, "vocab_size is -5"),
        Row("a size that is too large", #"{"vocab_size":9,"hidden_size":9000000000}"#, "hidden_size is 9000000000"),
        Row(
            "heads that do not divide the width",
            #"{"vocab_size":9,"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":3,"intermediate_size":16}"#,
            "hidden_size is 8", "num_attention_heads (3)"),
        Row("an unknown activation", "{\(sizes),\"hidden_act\":\"swish\"}", "hidden_act", "swish", "gelu_new"),
        Row("relative positions", "{\(sizes),\"position_embedding_type\":\"relative_key\"}", "relative_key"),
        Row("an unknown decoder", "{\(sizes),\"decoder\":\"lstm\"}", "decoder", "lstm", "crf"),
        Row(
            "an unknown pooling", "{\(sizes),\"decoder\":\"crf\",\"sentence_pooling\":\"max\"}", "sentence_pooling",
            "max"),
        Row("an unknown problem type", "{\(sizes),\"problem_type\":\"regression\"}", "problem_type", "regression"),
        Row("a gap in the labels", "{\(sizes),\"id2label\":{\"0\":\"A\",\"2\":\"B\"}}", "id2label", "none for 1"),
        Row("a duplicate label", "{\(sizes),\"id2label\":{\"0\":\"A\",\"1\":\"A\"}}", "\"A\"", "differ"),
        Row("no labels", "{\(sizes),\"id2label\":{}}", "id2label is empty"),
        Row("windows of two tokens", "{\(sizes),\"window_pieces\":2}", "2 tokens", "[SEP]"),
    ]

    @Test(
        "An unsupported or invalid configuration is refused with a message that names the problem", arguments: refused)
    func refusals(_ row: Row) {
        let error = #expect(throws: ModelError.self) { try Configuration(json: Array(row.json.utf8)) }
        for words in row.says { #expect(error?.description.contains(words) == true, "\(String(describing: error))") }
    }

    @Test("Missing keys have the same defaults as in Hugging Face")
    func defaults() throws {
        let found = try Configuration(json: Array("{\(Self.sizes)}".utf8))
        #expect(found.task == .singleLabelClassification)
        #expect(found.activation == .gelu)
        #expect(found.normEpsilon == 1e-12)
        #expect(found.positions == 512)
        #expect(found.windowPieces == 512)
        #expect(found.tokenTypes == 2)
        #expect(found.labels == nil)
    }
}
