import Corpora
import TestSupport
import Testing

@Suite("Compressed corpora")
struct GzipTests {
    static let first = Samples.pubMedRCT.bytes
    static let second = "\n###103\nRESULTS\tPlums fell .\n".bytes

    @Test("A file written by gzip is read")
    func compressed() throws {
        let corpus = try AbstractReader().read(GzipBytes.compressed, name: "x.txt.gz")
        #expect(corpus.items == [TrainingAbstract("1", "METHODS: We counted 12 owls.")])
        #expect(corpus.sources.first?.byteCount == 33)
    }

    @Test("Several members, and zeros after them, are read")
    func members() throws {
        let bytes = GzipBytes.stored(Self.first) + GzipBytes.stored([]) + GzipBytes.stored(Self.second)
        for padding in [0, 1, 600] {
            let corpus = try AbstractReader().read(bytes + [UInt8](repeating: 0, count: padding), name: "x.gz")
            #expect(corpus.items.map(\.id) == ["101", "102", "103"])
        }
    }

    @Test("Output larger than the buffer is read")
    func large() throws {
        let lines = (0..<40_000).map { "###\($0)\nRESULTS\tPlums fell .\n\n" }.joined()
        #expect(try AbstractReader().read(GzipBytes.stored(lines.bytes), name: "x.gz").items.count == 40_000)
    }

    @Test("A file truncated at any byte is refused with its name")
    func truncated() throws {
        for bytes in [GzipBytes.compressed, GzipBytes.stored(Self.first)] {
            for count in 2..<bytes.count {
                let error = #expect(throws: CorpusError.self, "\(count) bytes") {
                    try AbstractReader().read(Array(bytes[..<count]), name: "x.gz")
                }
                #expect(
                    error?.description
                        == "x.gz: the gzip data ends too early, after \(count) bytes; copy or download the file again.")
            }
        }
    }

    @Test("A damaged checksum, length, block or header is refused", arguments: [-1, -8, 10, 3, 2])
    func damaged(position: Int) throws {
        var bytes = GzipBytes.compressed
        bytes[position < 0 ? bytes.count + position : position] ^= 0xFF
        let error = #expect(throws: CorpusError.self) { try AbstractReader().read(bytes, name: "x.gz") }
        #expect(try #require(error).description.hasPrefix("x.gz: the gzip data is damaged near byte "))
    }

    @Test("Other data after the members are refused")
    func trailing() throws {
        let error = #expect(throws: CorpusError.self) {
            try AbstractReader().read(GzipBytes.compressed + [0, 7], name: "x.gz")
        }
        #expect(try #require(error).description.contains("from byte \(GzipBytes.compressed.count) on"))
    }

    @Test("Empty content and doubly compressed content are refused")
    func empty() {
        #expect(throws: CorpusError.self) { try AbstractReader().read(GzipBytes.stored([]), name: "x.gz") }
        let twice = GzipBytes.stored(GzipBytes.stored(Self.first))
        #expect(throws: CorpusError.self) { try AbstractReader().read(twice, name: "x.gz.gz") }
    }

    @Test(
        "The error for bytes that are not UTF-8 names the line or the kind of file",
        arguments: [
            ("###1\nA\tb.\nB\tna\u{0}ve".bytes.map { $0 == 0 ? 0xEF : $0 }, "x, line 3: expected UTF-8"),
            ([0x0A, 0x0A, 0xC0, 0x80], "x, line 3: expected UTF-8"), ([0xED, 0xA0, 0x80], "x, line 1: expected UTF-8"),
            ([0x41, 0xF0, 0x9F], "x, line 1: expected UTF-8"), ([0xFF, 0xFE, 0x41, 0], "UTF-16"),
            ("PK\u{3}\u{4}".bytes + [0xFF], "zip"), ("PAR1".bytes + [0xFF], "Parquet"),
        ] as [([UInt8], String)])
    func notUTF8(bytes: [UInt8], says: String) throws {
        let error = #expect(throws: CorpusError.self) { try AbstractReader(format: .pubMedRCT).read(bytes, name: "x") }
        #expect(try #require(error).description.contains(says))
    }
}
