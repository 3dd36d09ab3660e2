import Compression
import TestSupport
import Testing

@Suite("Streaming gzip")
struct GzipTests {
    static let compressed = GzipBytes.compressed
    static let content = Array("###1\nMETHODS\tWe counted 12 owls.\n".utf8)

    private func read(_ bytes: [UInt8], by step: Int, limit: Int = .max) throws -> [UInt8] {
        var reader = try GzipReader(limit: limit)
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            try reader.read(Array(bytes[start..<min(start + step, bytes.count)]), into: &output)
        }
        try reader.finish()
        return output
    }

    @Test(
        "Data written by gzip are decompressed in parts of any size, with several members and with padding",
        arguments: [1, 2, 7, 64, 9_999])
    func parts(step: Int) throws {
        #expect(try read(Self.compressed, by: step) == Self.content)
        #expect(try read(Self.compressed + Self.compressed, by: step) == Self.content + Self.content)
        #expect(try read(Self.compressed + [0, 0, 0], by: step) == Self.content)
    }

    @Test("Data that are truncated, damaged or followed by other data are refused", arguments: [1, 13, 9_999])
    func faults(step: Int) {
        for count in 0..<Self.compressed.count {
            #expect(throws: GzipReader.Fault.truncated) { try read(Array(Self.compressed[..<count]), by: step) }
        }
        var damaged = Self.compressed
        damaged[Self.compressed.count - 8] ^= 1
        #expect(throws: GzipReader.Fault.self) { try read(damaged, by: step) }
        let end = Self.compressed.count
        #expect(throws: GzipReader.Fault.trailing(position: end)) { try read(Self.compressed + [0, 7], by: step) }
        #expect(throws: GzipReader.Fault.trailing(position: end)) { try read(Self.compressed + [7, 7], by: step) }
    }

    @Test("Data are read back as written, and each part can be read as soon as it is written", arguments: [1, 6, 9])
    func writing(level: Int) throws {
        var generator = SeededGenerator(seed: 7)
        let parts = [0, 1, 100, 70_000, 3].map { count in
            (0..<count).map { _ in UInt8.random(in: 0x61...0x66, using: &generator) }
        }
        var writer = try GzipWriter(level: level)
        var reader = try GzipReader()
        var all: [UInt8] = []
        for part in parts {
            var written: [UInt8] = []
            var read: [UInt8] = []
            writer.write(part, into: &written)
            try reader.read(written, into: &read)
            #expect(read == part)
            all += written
        }
        var last: [UInt8] = []
        writer.finish(Self.content, into: &last)
        #expect(try self.read(all + last, by: 1_000) == parts.flatMap(\.self) + Self.content)
        #expect((all + last).count < 70_000 / 2)
    }

    @Test("No more data are decompressed than the limit allows")
    func bomb() throws {
        var writer = try GzipWriter(level: 9)
        var bomb: [UInt8] = []
        for _ in 0..<64 { writer.write([UInt8](repeating: 0, count: 1 << 20), into: &bomb) }
        writer.finish(into: &bomb)
        #expect(bomb.count < 100_000)
        let all = bomb
        #expect(throws: GzipReader.Fault.tooLarge) { try read(all, by: 512, limit: 1 << 20) }
        #expect(try read(all, by: 512).count == 64 << 20)
    }
}
