import Checkpoint
import Testing

@Suite struct ReadingTests {
    struct Row: CustomTestStringConvertible {
        var file: String
        var set: String
        var format: CheckpointFormat
        var about: String
        var testDescription: String { about }
    }

    static let rows = [
        Row(file: "zip.bin", set: "all", format: .torchZip, about: "PyTorch zip, every kind of tensor"),
        Row(file: "legacy.bin", set: "all", format: .torchLegacy, about: "PyTorch legacy, every kind of tensor"),
        Row(file: "all.safetensors", set: "all", format: .safetensors, about: "safetensors, every kind of tensor"),
        Row(file: "protocol3.bin", set: "small", format: .torchZip, about: "pickle protocol 3"),
        Row(file: "protocol4.bin", set: "small", format: .torchZip, about: "pickle protocol 4"),
        Row(file: "protocol5.bin", set: "small", format: .torchZip, about: "pickle protocol 5"),
        Row(
            file: "wrapped.bin", set: "small", format: .torchZip,
            about: "a state dictionary within a training checkpoint"),
        Row(file: "no_crc.bin", set: "small", format: .torchZip, about: "a zip written without CRC-32"),
        Row(file: "deflated.bin", set: "all", format: .torchZip, about: "a zip repacked with compression"),
        Row(file: "zip64.bin", set: "small", format: .torchZip, about: "a zip repacked with zip64 headers"),
        Row(file: "small.safetensors", set: "small", format: .safetensors, about: "small safetensors"),
        Row(file: "small_legacy.bin", set: "small", format: .torchLegacy, about: "small PyTorch legacy"),
        Row(
            file: "sharded/model.safetensors.index.json", set: "small", format: .shardedSafetensors,
            about: "safetensors of two shards"),
    ]

    @Test("Every tensor has the same name, type, shape and values as in PyTorch", arguments: rows)
    func tensors(row: Row) throws {
        let store = try TensorStore(path: Fixture.path(row.file))
        let expected = try Fixture.expected(row.set)
        #expect(store.format == row.format)
        #expect(Set(store.tensors.map(Fixture.Tensor.init)) == Set(expected))
        #expect(store.count == expected.count)
        #expect(store.byteCount == expected.reduce(0) { $0 + $1.bytes.utf8.count / 2 })
        #expect(try expected.allSatisfy { try store.tensor(named: $0.name).shape == $0.shape })
        #expect(store.tensors.allSatisfy { $0.elementCount == $0.shape.reduce(1, *) })
    }

    @Test("Names are in the order of the file")
    func order() throws {
        let expected = try Fixture.expected("all").map(\.name)
        #expect(try TensorStore(path: Fixture.path("zip.bin")).names == expected)
        #expect(try TensorStore(path: Fixture.path("legacy.bin")).names == expected)
    }

    @Test("The metadata of a safetensors file are read and unescaped")
    func metadata() throws {
        let store = try TensorStore(path: Fixture.path("all.safetensors"))
        #expect(store.metadata == ["format": "pt", "note": "first line\nsecond \"line\""])
    }

    @Test("A file without tensors gives an empty store")
    func none() throws {
        let store = try TensorStore(path: Fixture.path("none.safetensors"))
        #expect(store.count == 0 && store.byteCount == 0)
    }

    @Test("The error for a missing tensor contains its name")
    func missing() throws {
        let store = try TensorStore(path: Fixture.path("small.safetensors"))
        #expect(store["absent"] == nil)
        let error = #expect(throws: CheckpointError.self) { try store.tensor(named: "absent") }
        #expect(error?.description.contains("\"absent\"") == true)
    }

    @Test("Tensors can be used after the store is released")
    func lifetime() throws {
        let tensor = try TensorStore(path: Fixture.path("small.safetensors")).tensor(named: "bias")
        #expect(Fixture.Tensor(tensor) == (try Fixture.expected("small").first { $0.name == "bias" }))
    }

    struct Refused: CustomTestStringConvertible {
        var file: String
        var mentions: [String]
        var testDescription: String { file }
    }

    static let refused = [
        Refused(file: "float8.safetensors", mentions: ["tensor \"quarter\"", "unsupported element type \"F8_E4M3\""]),
        Refused(file: "module.bin", mentions: ["torch.nn.modules.linear.Linear", "at byte", "nothing was executed"]),
        Refused(file: "no_tensors.bin", mentions: ["found the keys \"a\""]),
        Refused(file: "expected.json", mentions: ["unknown checkpoint format"]),
    ]

    @Test("Files without a state dictionary are refused with the reason", arguments: refused)
    func refusal(row: Refused) throws {
        let error = try #require(throws: CheckpointError.self) { try TensorStore(path: Fixture.path(row.file)) }
        for text in row.mentions { #expect(error.description.contains(text), "\(error)") }
    }

    @Test(
        "Other files in place of weights are recognised",
        arguments: [
            ("an empty file", [], "an empty file"),
            (
                "a Git LFS pointer", Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8),
                "git lfs pull"
            ),
            ("a web page", Array("<!DOCTYPE html>\n<html></html>\n".utf8), "web page"),
            ("a tar archive", [UInt8](repeating: 0x61, count: 257) + Array("ustar\0".utf8), "tar archive"),
            ("noise", [1, 2, 3], "01 02 03"),
        ] as [(String, [UInt8], String)])
    func strangers(about: String, bytes: [UInt8], mention: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(bytes, to: "pytorch_model.bin")
        let error = try #require(throws: CheckpointError.self) { try TensorStore(path: path) }
        #expect(error.description.contains(mention), "\(error)")
    }
}
