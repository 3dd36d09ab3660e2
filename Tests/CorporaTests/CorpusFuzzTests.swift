import Corpora
import TestSupport
import Testing

@Suite("Randomly damaged corpora", .timeLimit(.minutes(10)))
struct CorpusFuzzTests {
    static let samples = [
        Samples.pubMedRCT, Samples.corpus, Samples.sentenceJSONLines, Samples.sentenceCSV, Samples.textCSV,
        Samples.textJSONLines,
    ].map(\.bytes)

    @Test("A damaged file of abstracts is read or refused with CorpusError", arguments: AbstractReader.Format.allCases)
    func abstracts(format: AbstractReader.Format) throws {
        try check(seed: 1, sample: Self.samples[AbstractReader.Format.allCases.firstIndex(of: format) ?? 0]) { bytes in
            var reader = AbstractReader(format: format)
            let items = try reader.read(bytes, name: "x").items
            #expect(items.allSatisfy { !$0.sentences.isEmpty }, "\(bytes)")
            reader.format = nil
            _ = try? reader.read(bytes, name: "x")
        }
    }

    @Test("A damaged file of texts is read or refused with CorpusError", arguments: TextReader.Format.allCases)
    func texts(format: TextReader.Format) throws {
        var reader = TextReader(format: format)
        if format == .csv {
            reader.textColumns = ["title", "2"]
            reader.labelColumn = "3"
        } else {
            reader.labels = LabelNames(["calm", "shy"])
        }
        reader.labelSeparator = "|"
        try check(seed: 2, sample: Self.samples[format == .csv ? 4 : 5]) { bytes in
            let items = try reader.read(bytes, name: "x").items
            #expect(items.allSatisfy { !$0.text.isEmpty }, "\(bytes)")
        }
    }

    @Test("A damaged compressed file is read or refused with CorpusError")
    func compressed() throws {
        let bytes = GzipBytes.compressed + GzipBytes.stored(Self.samples[0])
        try check(seed: 3, sample: bytes) { _ = try AbstractReader(format: .pubMedRCT).read($0, name: "x") }
    }

    /// Reads changed copies of `sample`, and checks that both outcomes occur and no other error is thrown.
    private func check(seed: UInt64, sample: [UInt8], _ read: ([UInt8]) throws -> Void) throws {
        var generator = SeededGenerator(seed: seed)
        var counts = (read: 0, refused: 0)
        for _ in 0..<4_000 {
            do {
                try read(Self.changed(sample, using: &generator))
                counts.read += 1
            } catch is CorpusError {
                counts.refused += 1
            }
        }
        #expect(counts.read > 10 && counts.refused > 200, "too few of one outcome: \(counts)")
    }

    /// Returns bytes of which some are flipped, replaced, removed or repeated, or that contain parts of a sample or
    /// special bytes.
    private static func changed(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 1...12, using: &generator))
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[start] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes.removeSubrange(start..<end)
            case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
            case 4: bytes.removeSubrange(start...)
            case 5:
                let telling = [
                    "\"", "\n", "\r", ",", "\t", "###", "-1", "99999999999999999999", "{", "[", "]", "null", "é",
                ]
                bytes.insert(contentsOf: telling.randomElement(using: &generator)?.bytes ?? [], at: start)
            case 6:
                bytes.insert(contentsOf: "9223372036854775807".utf8, at: start)
            default:
                let other = samples.randomElement(using: &generator) ?? []
                let from = Int.random(in: 0..<other.count, using: &generator)
                bytes.replaceSubrange(start..<end, with: other[from..<min(other.count, from + 20)])
            }
        }
        return bytes
    }
}
