import FoundationEssentials
import TestSupport
import Testing
import Training

@Suite("Available memory")
struct AvailableMemoryTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let files: [String: String]
        let bytes: Int?
        var testDescription: String { name }
    }

    static let system = ["proc/meminfo": "MemTotal: 2000 kB\nMemAvailable:  1000 kB\n"]
    static let rows = [
        Row(name: "no files", files: [:], bytes: nil),
        Row(name: "only the system", files: system, bytes: 1_024_000),
        Row(
            name: "a control group without a limit",
            files: system.merging(
                ["sys/fs/cgroup/memory.max": "max\n", "sys/fs/cgroup/memory.current": "5\n"]) { $1 },
            bytes: 1_024_000),
        Row(
            name: "a control group with a lower limit and cached files",
            files: system.merging([
                "sys/fs/cgroup/memory.max": "600000\n", "sys/fs/cgroup/memory.current": "400000\n",
                "sys/fs/cgroup/memory.stat": "anon 1\ninactive_file 50000\n",
            ]) { $1 }, bytes: 250_000),
        Row(
            name: "a version 1 control group",
            files: system.merging([
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "600000\n",
                "sys/fs/cgroup/memory/memory.usage_in_bytes": "700000\n",
            ]) { $1 }, bytes: 0),
        Row(name: "an invalid number", files: ["proc/meminfo": "MemAvailable: 9223372036854775807 kB\n"], bytes: nil),
    ]

    @Test("The available memory is the smallest of all limits", arguments: rows)
    func least(_ row: Row) throws {
        let directory = try TemporaryDirectory()
        for (name, contents) in row.files {
            let file = directory.url.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(contents.utf8).write(to: file)
        }
        let root = directory.url.path()
        #expect(AvailableMemory.bytes(root: root.hasSuffix("/") ? String(root.dropLast()) : root) == row.bytes)
    }

    @Test("The available memory of this system is known")
    func thisSystem() throws {
        #expect(try #require(AvailableMemory.bytes()) > 1_000_000)
    }
}
