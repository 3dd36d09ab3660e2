import Checkpoint
import Testing

/// Tests of writing tensors whose values are supplied in parts.
@Suite struct SafetensorsPartsTests {
    private let tensors = [(name: "a", shape: [3, 2]), (name: "empty", shape: [0, 4]), (name: "b", shape: [2])]
    private let values: [[[Float]]] = [[[1, 2], [3], [4, 5, 6]], [], [[-7.5, 8]]]

    private func write(_ parts: [[[Float]]], to path: String) throws {
        try SafetensorsWriter.write(tensors, metadata: ["kind": "state"], to: path) {
            (index, write: ([Float]) throws(CheckpointError) -> Void) throws(CheckpointError) in
            for part in parts[index] { try write(part) }
        }
    }

    @Test("Parts are written to the file in order") func together() throws {
        let directory = try TemporaryDirectory()
        let (parts, whole) = (directory.path + "/parts.safetensors", directory.path + "/whole.safetensors")
        try write(values, to: parts)
        let entries = zip(tensors, values).map {
            SafetensorsEntry(name: $0.name, shape: $0.shape, values: Array($1.joined()))
        }
        try SafetensorsWriter.write(entries, metadata: ["kind": "state"], to: whole)
        let files = try CheckpointDirectory(path: directory.path)
        #expect(try files.file("parts.safetensors") == files.file("whole.safetensors"))
        #expect(try TensorStore(path: parts).metadata == ["kind": "state"])
    }

    @Test(
        "Too many or too few values are refused, and no file appears",
        arguments: [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7]])
    func count(values: [Float]) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/parts.safetensors"
        let error = #expect(throws: CheckpointError.self) { try write([[values], [], [[1, 2]]], to: path) }
        #expect(error?.description.contains("\"a\"") == true)
        #expect(throws: CheckpointError.notFound(path: path)) { _ = try TensorStore(path: path) }
    }

    @Test("A filtered checkpoint has only the selected tensors") func filter() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/parts.safetensors"
        try write(values, to: path)
        let store = try TensorStore(path: path).filter { $0.name != "a" }
        #expect(store.names.sorted() == ["b", "empty"])
        #expect(store["a"] == nil)
        #expect(store["b"]?.elementCount == 2)
    }
}
