import Checkpoint
import Testing

@Suite struct CheckpointDirectoryTests {
    @Test("Files are read by name, and a missing file is nil or an error")
    func files() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array("{}".utf8), to: "config.json")
        let checkpoint = try CheckpointDirectory(path: directory.path)
        #expect(try checkpoint.file("config.json") == Array("{}".utf8))
        #expect(try checkpoint.fileIfPresent("config.json") == Array("{}".utf8))
        #expect(try checkpoint.fileIfPresent("vocab.txt") == nil)
        #expect(throws: CheckpointError.notFound(path: directory.path + "/vocab.txt")) {
            try checkpoint.file("vocab.txt")
        }
    }

    @Test(
        "File names cannot lead out of the directory",
        arguments: ["../x", "/etc/passwd", "..", ".", "", "a/b", "a\\b", "a\0b", "a\nb"])
    func escape(name: String) throws {
        let directory = try TemporaryDirectory()
        let checkpoint = try CheckpointDirectory(path: directory.path)
        let expected = CheckpointError.forbiddenName(name: name, directory: directory.path)
        #expect(throws: expected) { try checkpoint.file(name) }
        #expect(throws: expected) { try checkpoint.fileIfPresent(name) }
    }

    @Test("A single safetensors file is preferred to shards, and shards to PyTorch files")
    func preference() throws {
        let directory = try TemporaryDirectory()
        let checkpoint = try CheckpointDirectory(path: directory.path)
        let error = try #require(throws: CheckpointError.self) { try checkpoint.tensors() }
        for name in ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"] {
            #expect(error.description.contains(name))
        }
        try directory.write(Fixture.bytes("small_legacy.bin"), to: "pytorch_model.bin")
        #expect(try checkpoint.tensors().format == .torchLegacy)
        try directory.write(Fixture.bytes("small_zip.bin"), to: "pytorch_model.bin")
        #expect(try checkpoint.tensors().format == .torchZip)
        for name in [
            "model.safetensors.index.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
        ] {
            try directory.write(Fixture.bytes("sharded/" + name), to: name)
        }
        #expect(try checkpoint.tensors().format == .shardedSafetensors)
        try directory.write(Fixture.bytes("small.safetensors"), to: "model.safetensors")
        #expect(try checkpoint.tensors().format == .safetensors)
    }

    @Test("A path that is not a directory is refused")
    func noDirectory() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write([1], to: "file")
        #expect(throws: CheckpointError.notADirectory(path: file)) { try CheckpointDirectory(path: file) }
        #expect(throws: CheckpointError.notFound(path: file + "x")) { try CheckpointDirectory(path: file + "x") }
        #expect(throws: CheckpointError.notFound(path: "")) { try CheckpointDirectory(path: "") }
    }
}
