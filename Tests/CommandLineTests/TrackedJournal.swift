import Foundation
import Testing

/// What a run wrote down for a tracker.
struct TrackedJournal {
    /// Line by line.
    let entries: [[String: Any]]

    /// A journal.
    ///
    /// - Parameter path: The run's directory.
    /// - Throws: An error of a file that is not there or no journal.
    init(ofRun path: String) throws {
        let lines = try String(contentsOfFile: Self.file(path), encoding: .utf8)
        entries = try lines.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    /// How it stands.
    var status: String? { entries.compactMap { $0["status"] as? String }.last }

    /// The names of everything measured.
    var metrics: Set<String> { Set(entries.compactMap { $0["metrics"] as? [String: Any] }.flatMap(\.keys)) }

    /// Params or tags by their names.
    func pairs(_ kind: String) -> [String: String] {
        let pairs = entries.compactMap { $0[kind] as? [[String]] }.joined()
        return Dictionary(pairs.map { ($0[0], $0[1]) }) { $1 }
    }

    /// Adds lines, as a process that was killed afterwards would have.
    static func append(_ lines: String, toRun path: String) throws {
        let handle = try FileHandle(forWritingTo: URL(filePath: file(path)))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(lines.utf8))
        try handle.close()
    }

    /// Whether all of it is delivered.
    static func isSent(ofRun path: String) throws -> Bool {
        let state = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(filePath: "\(path)/tracking/sent.json")))
        return try (state as? [String: Any])?["offset"] as? Int == Data(contentsOf: URL(filePath: file(path))).count
    }

    private static func file(_ path: String) -> String { "\(path)/tracking/journal.jsonl" }
}
