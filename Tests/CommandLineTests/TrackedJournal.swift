import Foundation
import Testing

/// The journal of a tracked run.
struct TrackedJournal {
    /// The entries, one for each line.
    let entries: [[String: Any]]

    /// Reads the journal of a run.
    ///
    /// - Parameter path: The directory of the run.
    /// - Throws: An error if the file is missing or is not a journal.
    init(ofRun path: String) throws {
        let lines = try String(contentsOfFile: Self.file(path), encoding: .utf8)
        entries = try lines.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    /// The last recorded status.
    var status: String? { entries.compactMap { $0["status"] as? String }.last }

    /// The names of all metrics.
    var metrics: Set<String> { Set(entries.compactMap { $0["metrics"] as? [String: Any] }.flatMap(\.keys)) }

    /// Returns the params or tags by name.
    func pairs(_ kind: String) -> [String: String] {
        let pairs = entries.compactMap { $0[kind] as? [[String]] }.joined()
        return Dictionary(pairs.map { ($0[0], $0[1]) }) { $1 }
    }

    /// Appends lines, as if a process had written them before it was killed.
    static func append(_ lines: String, toRun path: String) throws {
        let handle = try FileHandle(forWritingTo: URL(filePath: file(path)))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(lines.utf8))
        try handle.close()
    }

    /// Returns whether all entries are delivered.
    static func isSent(ofRun path: String) throws -> Bool {
        let state = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(filePath: "\(path)/tracking/sent.json")))
        return try (state as? [String: Any])?["offset"] as? Int == Data(contentsOf: URL(filePath: file(path))).count
    }

    private static func file(_ path: String) -> String { "\(path)/tracking/journal.jsonl" }
}
