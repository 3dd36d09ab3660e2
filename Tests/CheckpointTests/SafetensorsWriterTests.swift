import Checkpoint
import Testing

@Suite struct SafetensorsWriterTests {
    @Test("Tensors and metadata are read back as written")
    func roundTrip() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/model.safetensors"
        let source = try TensorStore(path: Fixture.path("zip.bin"))
        let metadata = ["format": "pt", "quote\"": "line\nfeed\u{1}"]
        try SafetensorsWriter.write(source.tensors.map(SafetensorsEntry.init), metadata: metadata, to: path)

        let store = try TensorStore(path: path)
        #expect(Set(store.tensors.map(Fixture.Tensor.init)) == Set(try Fixture.expected("all")))
        #expect(store.metadata == metadata)
        #expect(try directory.names == ["model.safetensors"])
    }

    @Test("The data begin at a multiple of 8 bytes", arguments: 1...9)
    func alignment(nameLength: Int) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/x"
        let name = String(repeating: "n", count: nameLength)
        try SafetensorsWriter.write([SafetensorsEntry(name: name, shape: [2], values: [1, -2])], to: path)
        let file = try MappedFile(path: path)
        #expect(file.count % 8 == 0)
        #expect(try TensorStore(path: path).tensor(named: name).copiedBytes == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    }

    @Test("A file in use is replaced, not overwritten")
    func replacement() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/x"
        try SafetensorsWriter.write([SafetensorsEntry(name: "a", shape: [1], values: [1])], to: path)
        let before = try TensorStore(path: path)
        try SafetensorsWriter.write([SafetensorsEntry(name: "a", shape: [1], values: [2])], to: path)
        #expect(before["a"]?.copiedBytes == [0, 0, 0x80, 0x3F])
        #expect(try TensorStore(path: path)["a"]?.copiedBytes == [0, 0, 0, 0x40])
    }

    @Test("All entries that cannot be stored are listed, and nothing is written")
    func unstorable() throws {
        let directory = try TemporaryDirectory()
        let entries = [
            SafetensorsEntry(name: "a", shape: [2], values: [1]),
            SafetensorsEntry(name: "b", elementType: .u8, shape: [-1], bytes: []),
            SafetensorsEntry(name: "c", shape: [], values: [1]), SafetensorsEntry(name: "c", shape: [], values: [1]),
            SafetensorsEntry(name: "__metadata__", shape: [], values: [1]),
        ]
        let error = try #require(throws: CheckpointError.self) {
            try SafetensorsWriter.write(entries, to: directory.path + "/x")
        }
        for text in ["4 problems", "tensor \"a\"", "tensor \"b\"", "tensor \"c\"", "tensor \"__metadata__\""] {
            #expect(error.description.contains(text), "\(error)")
        }
        #expect(try directory.names == [])
    }

    @Test("A path that cannot be written is an error, and no temporary file remains")
    func unwritable() throws {
        let directory = try TemporaryDirectory()
        for path in [directory.path + "/absent/x", directory.path + "/..", directory.path + "/x\0y", ""] {
            #expect(throws: CheckpointError.self, "\(path)") { try SafetensorsWriter.write([], to: path) }
        }
        // A file cannot replace a directory that is not empty.
        let inner = try TemporaryDirectory()
        try inner.write([1], to: "occupied")
        #expect(throws: CheckpointError.self) { try SafetensorsWriter.write([], to: inner.path) }
        #expect(try directory.names == [])
    }
}
