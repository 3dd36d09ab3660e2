import Checkpoint
import Testing

@Suite struct TorchLegacyTests {
    struct Row: CustomTestStringConvertible {
        var about: String
        var bytes: [UInt8]
        var mentions: [String]
        var testDescription: String { about }
    }

    private static let tensor = PickleBytes.oneTensor()
    private static let sound = LegacyBytes.file(object: tensor, values: [1, 2, 3, 4])

    static let rows: [Row] = [
        Row(about: "a wrong magic number", bytes: PickleBytes.of { $0.int(5) }, mentions: ["magic number"]),
        Row(
            about: "an unsupported version", bytes: LegacyBytes.magic + PickleBytes.of { $0.int(1002) },
            mentions: ["version 1001"]),
        Row(
            about: "a big-endian file",
            bytes: LegacyBytes.file(object: tensor, littleEndian: false, values: [1, 2, 3, 4]),
            mentions: ["big-endian"]),
        Row(
            about: "a storage that belongs to no tensor",
            bytes: LegacyBytes.file(object: tensor, keys: ["9"], values: [1, 2, 3, 4]), mentions: ["storage \"9\""]),
        Row(
            about: "a tensor without a storage", bytes: LegacyBytes.file(object: tensor, keys: [], values: []),
            mentions: ["8 bytes after the last storage"]),
        Row(
            about: "fewer elements than declared", bytes: LegacyBytes.file(object: tensor, values: [1, 2, 3]),
            mentions: ["should have 4 elements, found 3"]),
        Row(
            about: "a duplicate storage",
            bytes: LegacyBytes.file(object: tensor, keys: ["0", "0"], values: [1, 2, 3, 4]),
            mentions: ["incomplete"]),
        Row(about: "a missing byte", bytes: sound.dropLast(), mentions: ["beyond the end", "incomplete"]),
        Row(about: "an extra byte", bytes: sound + [0], mentions: ["1 bytes after the last storage"]),
        Row(
            about: "a storage of 2^62 elements",
            bytes: LegacyBytes.file(object: PickleBytes.oneTensor(count: 1 << 62), values: [1]),
            mentions: ["found 1"]),
        Row(
            about: "a view beyond its storage",
            bytes: LegacyBytes.file(
                object: PickleBytes.of { $0.tensor(count: 4, shape: [1], strides: [1], view: (2, 3)) },
                values: [1, 2, 3, 4]),
            mentions: ["view of storage \"0\" within its 4 elements"]),
        Row(
            about: "pickles that never end",
            bytes: LegacyBytes.magic + LegacyBytes.version + [0x80, 2, 0x58, 0xFF, 0xFF, 0xFF, 0x7F],
            mentions: ["incomplete"]),
    ]

    @Test("A damaged file is refused, and the error names the problem", arguments: rows)
    func damage(row: Row) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(row.bytes, to: "x")
        let error = try #require(throws: CheckpointError.self) { try TensorStore(path: path) }
        for text in row.mentions { #expect(error.description.contains(text), "\(error)") }
    }

    @Test("Pickles longer than the part that is tried first are read")
    func longPickles() throws {
        let object = PickleBytes.of { pickle in
            pickle.op("}")
            pickle.string("note")
            pickle.string(String(repeating: "x", count: 5_000_000))
            pickle.op("s")
            pickle.string("w")
            pickle.tensor(count: 4, shape: [4], strides: [1])
            pickle.op("s")
        }
        let directory = try TemporaryDirectory()
        let store = try TensorStore(
            path: directory.write(LegacyBytes.file(object: object, values: [1, 2, 3, 4]), to: "x"))
        #expect(store.names == ["w"])
    }
}
