import Checkpoint
import Testing

@Suite struct SafetensorsReaderTests {
    private static func error(_ bytes: [UInt8]) throws -> String {
        let directory = try TemporaryDirectory()
        let path = try directory.write(bytes, to: "model.safetensors")
        return try #require(throws: CheckpointError.self) { try TensorStore(path: path) }.description
    }

    struct Row: CustomTestStringConvertible {
        var about: String
        var bytes: [UInt8]
        var mentions: [String]
        var testDescription: String { about }
    }

    private typealias File = SafetensorsBytes

    static let rows: [Row] = [
        Row(about: "an empty file", bytes: [], mentions: ["header length", "0 bytes"]),
        Row(about: "header length 0", bytes: File.file(header: "{}", length: 0), mentions: ["found 0"]),
        Row(about: "header length 1", bytes: File.file(header: "{}", length: 1), mentions: ["found 1"]),
        Row(
            about: "header length 2^63", bytes: File.file(header: "{}", length: 1 << 63),
            mentions: ["9223372036854775808"]),
        Row(
            about: "header length 2^64 - 1", bytes: File.file(header: "{}", length: .max),
            mentions: ["18446744073709551615"]),
        Row(
            about: "a header beyond the limit", bytes: File.file(header: "{}", length: 100_000_001),
            mentions: ["100000001"]),
        Row(
            about: "a header larger than the file", bytes: File.file(header: "{}", length: 3), mentions: ["incomplete"]),
        Row(about: "a header that is not an object", bytes: File.file(header: "[]"), mentions: ["begin with '{'"]),
        Row(about: "a space before the header", bytes: File.file(header: " {}"), mentions: ["begin with '{'"]),
        Row(
            about: "an unclosed object", bytes: File.file(header: "{\"a\":{"), mentions: ["tensor \"a\"", "at byte 14"]),
        Row(about: "text after the header", bytes: File.file(header: "{} x"), mentions: ["at byte 11", "found \"x\""]),
        Row(about: "a trailing comma", bytes: File.file(header: "{\"__metadata__\":{},}"), mentions: ["found \"}\""]),
        Row(
            about: "bytes that are not UTF-8",
            bytes: File.file(header: Array("{\"".utf8) + [0xFF] + Array("\":1}".utf8)),
            mentions: ["UTF-8", "at byte 10"]),
        Row(about: "half a surrogate pair", bytes: File.file(header: "{\"\\ud800\":1}"), mentions: ["surrogate"]),
        Row(about: "an unknown escape", bytes: File.file(header: "{\"\\x\":1}"), mentions: ["escape"]),
        Row(
            about: "a raw line feed in a string", bytes: File.file(header: "{\"\n\":1}"),
            mentions: ["control character"]),
        Row(
            about: "values nested a million levels deep",
            bytes: File.file(header: "{\"a\":{\"b\":" + String(repeating: "[", count: 1_000_000)),
            mentions: ["more than 64 levels deep"]),
        Row(
            about: "metadata that are not strings", bytes: File.file(header: "{\"__metadata__\":{\"a\":1}}"),
            mentions: ["a string"]),
        Row(
            about: "a tensor that is not an object", bytes: File.file(header: "{\"a\":1}"),
            mentions: ["tensor \"a\"", "\"{\""]),
        Row(
            about: "no dtype", bytes: File.file(header: "{\"a\":{\"shape\":[],\"data_offsets\":[0,0]}}"),
            mentions: ["tensor \"a\"", "\"dtype\""]),
        Row(
            about: "no shape", bytes: File.file(header: "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,0]}}"),
            mentions: ["tensor \"a\"", "\"shape\""]),
        Row(
            about: "one offset",
            bytes: File.file(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]}}"),
            mentions: ["tensor \"a\"", "two numbers, found 1"]),
        Row(
            about: "a duplicate dtype", bytes: File.file(header: "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F16\"}}"),
            mentions: ["\"dtype\" appears more than once"]),
        Row(
            about: "a negative dimension", bytes: File.file(header: File.header(File.tensor("a", [-1], 0, 4)), data: 4),
            mentions: ["tensor \"a\"", "a non-negative integer"]),
        Row(
            about: "a fractional dimension",
            bytes: File.file(header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", data: 4),
            mentions: ["tensor \"a\"", "fraction"]),
        Row(
            about: "a dimension of 2^64",
            bytes: File.file(header: "{\"a\":{\"dtype\":\"U8\",\"shape\":[18446744073709551616]}}"),
            mentions: ["tensor \"a\"", "below 2^63"]),
        Row(
            about: "a shape whose product overflows",
            bytes: File.file(header: File.header(File.tensor("a", [1 << 32, 1 << 32], 0, 4)), data: 4),
            mentions: ["tensor \"a\"", "exceeds 2^63"]),
        Row(
            about: "a shape whose product overflows to 0",
            bytes: File.file(header: File.header(File.tensor("a", type: "F32", [1 << 62], 0, 0))),
            mentions: ["tensor \"a\"", "exceeds 2^63"]),
        Row(
            about: "too few bytes for the shape",
            bytes: File.file(header: File.header(File.tensor("a", [2, 2], 0, 12)), data: 12),
            mentions: ["tensor \"a\"", "F32 of shape [2, 2] takes 16 bytes", "hold 12"]),
        Row(
            about: "an unknown element type",
            bytes: File.file(header: File.header(File.tensor("a", type: "F7", [4], 0, 4)), data: 4),
            mentions: ["tensor \"a\"", "\"F7\"", "F64, F32"]),
        Row(
            about: "offsets beyond the end",
            bytes: File.file(header: File.header(File.tensor("a", [4], 0, 16)), data: 15),
            mentions: ["tensor \"a\"", "beyond the 15 bytes", "incomplete"]),
        Row(
            about: "offsets of 2^63 - 1",
            bytes: File.file(header: File.header(File.tensor("a", type: "U8", [1], Int.max - 1, Int.max)), data: 4),
            mentions: ["tensor \"a\"", "beyond the 4 bytes"]),
        Row(
            about: "offsets that run backwards",
            bytes: File.file(header: File.header(File.tensor("a", [1], 4, 0)), data: 4),
            mentions: ["tensor \"a\"", "end before they begin"]),
        Row(
            about: "overlapping tensors",
            bytes: File.file(header: File.header(File.tensor("a", [2], 0, 8), File.tensor("b", [1], 4, 8)), data: 8),
            mentions: ["tensor \"b\"", "begins at 4, but tensor \"a\" ends at 8"]),
        Row(
            about: "two tensors with the same bytes",
            bytes: File.file(header: File.header(File.tensor("a", [1], 0, 4), File.tensor("b", [1], 0, 4)), data: 4),
            mentions: ["overlap"]),
        Row(
            about: "a gap between tensors",
            bytes: File.file(header: File.header(File.tensor("a", [1], 0, 4), File.tensor("b", [1], 8, 12)), data: 12),
            mentions: ["tensor \"b\"", "4 bytes between it and tensor \"a\""]),
        Row(
            about: "a gap at the beginning",
            bytes: File.file(header: File.header(File.tensor("a", [1], 4, 8)), data: 8),
            mentions: ["tensor \"a\"", "4 bytes between it and the header"]),
        Row(
            about: "bytes after the last tensor",
            bytes: File.file(header: File.header(File.tensor("a", [1], 0, 4)), data: 5),
            mentions: ["1 bytes after the last tensor"]),
        Row(about: "data without any tensor", bytes: File.file(header: "{}", data: 3), mentions: ["3 bytes"]),
        Row(
            about: "a duplicate name",
            bytes: File.file(header: File.header(File.tensor("a", [1], 0, 4), File.tensor("a", [1], 4, 8)), data: 8),
            mentions: ["tensor \"a\"", "appears more than once"]),
    ]

    @Test("A damaged header is refused, and the error names the problem and its position", arguments: rows)
    func damage(row: Row) throws {
        let message = try Self.error(row.bytes)
        for text in row.mentions { #expect(message.contains(text), "\(message)") }
    }

    @Test("One error lists all problems of a file by tensor")
    func allAtOnce() throws {
        let header = SafetensorsBytes.header(
            SafetensorsBytes.tensor("backwards", [1], 8, 4), SafetensorsBytes.tensor("strange", type: "F9", [1], 0, 4),
            SafetensorsBytes.tensor("long", [9], 4, 8), SafetensorsBytes.tensor("far", [1], 80, 84),
            SafetensorsBytes.tensor("sound", [1], 8, 12))
        let message = try Self.error(SafetensorsBytes.file(header: header, data: 12))
        #expect(message.contains("4 problems"))
        for name in ["backwards", "strange", "long", "far"] { #expect(message.contains("tensor \"\(name)\"")) }
        #expect(!message.contains("\"sound\""))
    }

    @Test("A message is short and on one line, whatever the names in the file")
    func hostileNames() throws {
        let name = String(repeating: "x", count: 10_000) + "\\n\\u001b[31m"
        let message = try Self.error(
            SafetensorsBytes.file(header: SafetensorsBytes.header(SafetensorsBytes.tensor(name, [1], 0, 8)), data: 8))
        #expect(message.utf8.count < 1000)
        #expect(!message.contains("\u{1B}") && !message.contains("\n"))
    }

    @Test("Trailing spaces, unknown fields, null metadata, scalars and empty tensors are accepted")
    func leniency() throws {
        let header =
            "{\"__metadata__\":null,\"a\":{\"extra\":[{\"x\":[1.5e-3,true,false,null,\"\\u00e9\"]}],\"dtype\":\"F16\",\"shape\":[],"
            + "\"data_offsets\":[0,2]},\"b\\ud83d\\ude00\":{\"shape\":[3,0],\"dtype\":\"I64\",\"data_offsets\":[2,2]}}   "
        let directory = try TemporaryDirectory()
        let store = try TensorStore(path: directory.write(SafetensorsBytes.file(header: header, data: 2), to: "x"))
        #expect(store.names == ["a", "b😀"])
        #expect(store["b😀"]?.shape == [3, 0])
        #expect(store.touchEverything() == 2)
    }
}
