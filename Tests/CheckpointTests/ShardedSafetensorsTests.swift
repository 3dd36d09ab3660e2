import Checkpoint
import Testing

@Suite struct ShardedSafetensorsTests {
    private static func message(index: String, shards: [String: [UInt8]] = [:]) throws -> String {
        let directory = try TemporaryDirectory()
        for (name, bytes) in shards { try directory.write(bytes, to: name) }
        try directory.write(Array(index.utf8), to: "model.safetensors.index.json")
        return try #require(throws: CheckpointError.self) {
            try CheckpointDirectory(path: directory.path).tensors()
        }.description
    }

    @Test(
        "Names of shards cannot lead out of the directory",
        arguments: ["../secret", "/etc/passwd", "..", ".", "", "a/b", "a\\\\b", "a\\u0000b"])
    func escape(shard: String) throws {
        let message = try Self.message(index: "{\"weight_map\":{\"a\":\"\(shard)\"}}")
        #expect(message.contains("plain file name"), "\(message)")
    }

    @Test("One error lists missing shards, damaged shards and missing tensors")
    func allAtOnce() throws {
        let sound = SafetensorsBytes.file(
            header: SafetensorsBytes.header(SafetensorsBytes.tensor("a", [1], 0, 4)), data: 4)
        let message = try Self.message(
            index: "{\"weight_map\":{\"a\":\"one\",\"b\":\"one\",\"c\":\"two\",\"d\":\"two\",\"e\":\"three\"}}",
            shards: ["one": sound, "three": Array(sound.dropLast())])
        #expect(message.contains("3 problems"), "\(message)")
        #expect(message.contains("file \"one\", tensor \"b\""))
        #expect(message.contains("file \"two\": \"") && message.contains("/two\": no such file or directory"))
        #expect(message.contains("file \"three\", tensor \"a\""))
    }

    @Test(
        "A malformed index is refused",
        arguments: [
            ("", "the JSON ends"), ("[]", "\"{\""), ("{}", "weight_map"), ("{\"weight_map\":3}", "\"{\""),
            ("{\"weight_map\":{\"a\":1}}", "a string"), ("{\"weight_map\":{},\"weight_map\":{}}", "more than once"),
            ("{\"weight_map\":{\"a\":\"x\",\"a\":\"x\"}}", "more than once"), ("{\"weight_map\":{}} {}", "the end"),
        ])
    func badIndex(index: String, mention: String) throws {
        let message = try Self.message(index: index)
        #expect(message.contains(mention), "\(message)")
    }
}
