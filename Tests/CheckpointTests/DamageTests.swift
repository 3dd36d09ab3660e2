import Checkpoint
import Testing

/// Tests with damage that no table row describes: files truncated at every byte, and files changed at random.
@Suite struct DamageTests {
    static let files = [
        "small.safetensors", "all.safetensors", "small_zip.bin", "deflated.bin", "zip64.bin", "zip.bin", "no_crc.bin",
        "small_legacy.bin",
        "legacy.bin",
    ]

    @Test("A file truncated at any byte is refused", arguments: files)
    func truncation(file: String) throws {
        let whole = try Fixture.bytes(file)
        let directory = try TemporaryDirectory()
        for count in 0..<whole.count {
            let path = try directory.write(whole[..<count], to: "x")
            #expect(throws: CheckpointError.self, "\(file) cut to \(count) of \(whole.count) bytes") {
                try TensorStore(path: path)
            }
        }
    }

    @Test("A randomly changed file is read or refused, but never causes a trap", arguments: files)
    func fuzz(file: String) throws {
        let whole = try Fixture.bytes(file)
        let directory = try TemporaryDirectory()
        let clock = ContinuousClock()
        let deadline = clock.now + .milliseconds(750)
        var refused = 0
        var round: UInt64 = 0
        while clock.now < deadline {
            let bytes = Self.changed(whole, seed: round)
            // If the process crashes, the file that caused the crash is left behind.
            let path = try directory.write(bytes, to: "seed-\(file)")
            do {
                _ = try TensorStore(path: path).touchEverything()
            } catch {
                refused += 1
                #expect(!error.description.isEmpty, "seed \(round)")
            }
            round += 1
        }
        #expect(refused > 0, "none of \(round) changed files was refused")
    }

    /// Returns `bytes` with random changes determined by `seed`: bits flipped, and parts copied, removed or set to
    /// extreme values.
    static func changed(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(state: seed)
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &generator)
            let length = min(Int.random(in: 1...16, using: &generator), bytes.count - position)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0, 1: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes[position] = .random(in: .min ... .max, using: &generator)
            case 3: bytes.removeSubrange(position..<position + length)
            case 4:
                let target = Int.random(in: 0...bytes.count, using: &generator)
                bytes.insert(contentsOf: Array(bytes[position..<position + length]), at: target)
            default:
                let value: UInt8 = Bool.random(using: &generator) ? 0xFF : 0
                for index in position..<position + length { bytes[index] = value }
            }
        }
        return bytes
    }
}
