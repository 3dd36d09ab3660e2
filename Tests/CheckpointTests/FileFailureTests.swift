import Checkpoint
import Foundation
import Testing

@Suite("Reasons of file failures")
struct FileFailureTests {
    @Test("A reason of Foundation is the operating system's")
    func foundation() throws {
        let error = try #require(throws: CocoaError.self) {
            try FileManager.default.createDirectory(atPath: "/dev/null/runs", withIntermediateDirectories: true)
        }
        #expect(FileFailure.reason(error) == "Not a directory")
    }

    @Test(
        "The reason of a checkpoint's file does not repeat the path",
        arguments: [
            (CheckpointError.notFound(path: "a/b"), "No such file or directory"),
            (CheckpointError.notAFile(path: "a/b", found: "a pipe"), "expected a regular file, found a pipe"),
            (CheckpointError.unwritable(path: "a/b", reason: "No space left on device"), "No space left on device"),
        ])
    func checkpoint(error: CheckpointError, reason: String) {
        #expect(FileFailure.reason(error) == reason)
    }

    @Test("A sentence loses its full stop, so that a message can end with its own")
    func sentence() {
        let error = CheckpointError.noSuchTensor(name: "a", path: "b")
        #expect(FileFailure.reason(error) == String("\(error)".dropLast()))
    }

    @Test("The reason of a record that cannot be decoded names the member")
    func record() throws {
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode([String: Int].self, from: Data(#"{"step":"one"}"#.utf8))
        }
        #expect(FileFailure.reason(error) == "step has the wrong type; expected a whole number")
    }
}
