import Checkpoint
import FoundationEssentials
import Testing

@Suite struct MappedFileTests {
    @Test("The bytes are those of the file")
    func bytes() throws {
        let directory = try TemporaryDirectory()
        let contents = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let file = try MappedFile(path: directory.write(contents, to: "file"))
        #expect(file.count == contents.count)
        #expect(file.bytes(in: 0..<file.count) == contents)
        #expect(file.withBytes { $0.byteCount } == contents.count)
    }

    @Test("Ranges are clamped to the file")
    func ranges() throws {
        let directory = try TemporaryDirectory()
        let file = try MappedFile(path: directory.write([1, 2, 3], to: "file"))
        #expect(file.bytes(in: 2..<9) == [3])
        #expect(file.bytes(in: 7..<9) == [])
    }

    @Test("An empty file has no bytes")
    func empty() throws {
        let directory = try TemporaryDirectory()
        let file = try MappedFile(path: directory.write([], to: "empty"))
        #expect(file.count == 0)
        #expect(file.withBytes { $0.byteCount } == 0)
        #expect(file.bytes(in: 0..<8) == [])
    }

    @Test("The bytes remain readable after the file is removed")
    func removal() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write([4, 5], to: "file")
        let file = try MappedFile(path: path)
        try FileManager.default.removeItem(atPath: path)
        #expect(file.bytes(in: 0..<2) == [4, 5])
    }

    @Test("A path that is not a regular file is refused, and the error names its type")
    func kinds() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: CheckpointError.notFound(path: directory.path + "/absent")) {
            try MappedFile(path: directory.path + "/absent")
        }
        #expect(throws: CheckpointError.notAFile(path: directory.path, found: "a directory")) {
            try MappedFile(path: directory.path)
        }
        #expect(throws: CheckpointError.notAFile(path: "/dev/null", found: "a device")) {
            try MappedFile(path: "/dev/null")
        }
        #expect(throws: CheckpointError.self) { try MappedFile(path: "") }
        #expect(throws: CheckpointError.self) { try MappedFile(path: directory.path + "\0/file") }
    }

    @Test("An error thrown by the closure is rethrown")
    func rethrowing() throws {
        struct Refusal: Error {}
        let directory = try TemporaryDirectory()
        let file = try MappedFile(path: directory.write([1], to: "file"))
        #expect(throws: Refusal.self) { try file.withBytes { _ in throw Refusal() } }
    }
}
