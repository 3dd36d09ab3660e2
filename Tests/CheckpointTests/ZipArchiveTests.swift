import Checkpoint
import Testing

@Suite struct ZipArchiveTests {
    struct Row: CustomTestStringConvertible {
        var about: String
        var bytes: [UInt8]
        var mentions: [String]
        var testDescription: String { about }
    }

    /// Returns a valid archive after a change.
    private static func archive(_ change: (inout ZipBytes) -> Void) -> [UInt8] {
        var archive = ZipBytes.torch(pickle: PickleBytes.oneTensor())
        change(&archive)
        return archive.bytes
    }

    private static let record = ZipBytes.Record(name: "a/extra", bytes: [1])

    static let rows: [Row] = [
        Row(
            about: "no directory", bytes: Array("PK\u{3}\u{4}nothing more".utf8), mentions: ["zip directory at the end"]
        ),
        Row(about: "no records", bytes: archive { $0.records = [] }, mentions: ["<archive>/data.pkl", "found 0"]),
        Row(
            about: "two pickles", bytes: archive { $0.records.append(.init(name: "b/data.pkl", bytes: [])) },
            mentions: ["<archive>/data.pkl", "found 2"]),
        Row(
            about: "a directory beyond the end", bytes: archive { $0.directoryStart = 1_000_000 },
            mentions: ["begin at 1000000"]),
        Row(
            about: "a directory larger than the file", bytes: archive { $0.directorySize = 1_000_000 },
            mentions: ["take 1000000 bytes"]),
        Row(
            about: "a wrong position of the directory", bytes: archive { $0.directoryStart = 3 },
            mentions: ["entry of the zip directory"]),
        Row(about: "more records than fit", bytes: archive { $0.count = 60_000 }, mentions: ["60000 records"]),
        Row(
            about: "a record count that is too high", bytes: archive { $0.count = 3 },
            mentions: ["3 records cannot be listed"]),
        Row(about: "zip64 without a locator", bytes: archive { $0.count = 0xFFFF }, mentions: ["zip64 locator"]),
        Row(
            about: "a record beyond the end", bytes: archive { $0.records[1].headerPosition = 1_000_000 },
            mentions: ["within the file"]),
        Row(
            about: "a record inside the directory", bytes: archive { $0.records[1].headerPosition = 400 },
            mentions: ["\"a/data/0\""]),
        Row(
            about: "a wrong position of a record's header", bytes: archive { $0.records[1].headerPosition = 1 },
            mentions: ["record's header here"]),
        Row(
            about: "a record larger than the file", bytes: archive { $0.records[1].storedSize = 1_000_000 },
            mentions: ["within the file"]),
        Row(
            about: "a record that reaches into the directory",
            bytes: archive {
                $0.records[1].storedSize = 17
                $0.records[1].inflatedSize = 17
            }, mentions: ["reach into the zip directory"]),
        Row(
            about: "overlapping records",
            bytes: archive {
                let size = UInt32($0.records[0].bytes.count + 1)
                $0.records[0].storedSize = size
                $0.records[0].inflatedSize = size
            }, mentions: ["overlap"]),
        Row(
            about: "a stored record with two different sizes", bytes: archive { $0.records[1].inflatedSize = 15 },
            mentions: ["16 bytes instead of 15"]),
        Row(
            about: "missing zip64 sizes", bytes: archive { $0.records[1].inflatedSize = .max },
            mentions: ["zip64 sizes"]),
        Row(
            about: "a different name in the record", bytes: archive { $0.records[1].nameInHeader = "a/data/1" },
            mentions: ["another name"]),
        Row(
            about: "a duplicate name", bytes: archive { $0.records += [record, record] },
            mentions: ["\"a/extra\" appears more than once"]),
        Row(about: "an encrypted record", bytes: archive { $0.records[1].flags = 1 }, mentions: ["encrypted"]),
        Row(
            about: "an unsupported compression method", bytes: archive { $0.records[1].method = 93 },
            mentions: ["method 93"]),
        Row(about: "a wrong CRC-32", bytes: archive { $0.records[1].crc32 = 1 }, mentions: ["CRC-32", "damaged"]),
        Row(
            about: "a record that is not deflated as declared", bytes: archive { $0.records[1].method = 8 },
            mentions: ["does not inflate"]),
        Row(
            about: "an impossible compression ratio",
            bytes: archive {
                $0.records[1].method = 8
                $0.records[1].inflatedSize = 1 << 30
            }, mentions: ["16 bytes cannot inflate to 1073741824"]),
        Row(
            about: "a big-endian file",
            bytes: archive { $0.records.append(.init(name: "a/byteorder", bytes: Array("big".utf8))) },
            mentions: ["\"a/byteorder\"", "only little-endian"]),
        Row(
            about: "an unknown byte order",
            bytes: archive { $0.records.append(.init(name: "a/byteorder", bytes: Array("middle".utf8))) },
            mentions: ["\"a/byteorder\"", "only little-endian"]),
    ]

    @Test("A malformed archive is refused, and the error names the problem", arguments: rows)
    func lies(row: Row) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(row.bytes, to: "x")
        let error = try #require(throws: CheckpointError.self) { try TensorStore(path: path) }
        for text in row.mentions { #expect(error.description.contains(text), "\(error)") }
    }

    @Test("The archive from which the malformed ones are made is valid")
    func sound() throws {
        let directory = try TemporaryDirectory()
        #expect(try TensorStore(path: directory.write(Self.archive { _ in }, to: "x")).names == ["w"])
    }

    @Test("A deflated record must decompress to exactly its declared size", arguments: [-1, 1, 1000])
    func bomb(difference: Int) throws {
        // The directory's entry for the pickle declares a size that differs from the stream's.
        var bytes = try Fixture.bytes("deflated.bin")
        let name = Array("zip/data.pkl".utf8)
        let entry = try #require(
            bytes.indices.first {
                bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) && bytes[($0 + 46)...].starts(with: name)
            })
        let declared = (0..<4).reduce(0) { $0 | Int(bytes[entry + 24 + $1]) << ($1 * 8) } + difference
        for offset in 0..<4 { bytes[entry + 24 + offset] = UInt8(truncatingIfNeeded: declared >> (offset * 8)) }
        let directory = try TemporaryDirectory()
        let path = try directory.write(bytes, to: "x")
        let error = try #require(throws: CheckpointError.self) { try TensorStore(path: path) }
        #expect(error.description.contains("does not inflate to \(declared) bytes"), "\(error)")
    }
}
