import FoundationEssentials

/// The memory that this process may still use.
public enum AvailableMemory {
    /// Returns the memory available on the system, or less if a control group has a lower limit.
    ///
    /// - Parameter root: The directory that contains `/proc` and `/sys`; tests pass another directory.
    /// - Returns: The number of bytes, or `nil` if it is unknown.
    public static func bytes(root: String = "") -> Int? {
        [system(root), controlGroup(root), controlGroupVersion1(root)].compactMap { $0 }.min()
    }

    /// Returns `MemAvailable` from `/proc/meminfo`, in bytes.
    private static func system(_ root: String) -> Int? {
        value(of: "MemAvailable:", in: "\(root)/proc/meminfo").flatMap { kibibytes in
            let (bytes, overflow) = kibibytes.multipliedReportingOverflow(by: 1_024)
            return overflow ? nil : bytes
        }
    }

    private static func controlGroup(_ root: String) -> Int? {
        let group = "\(root)/sys/fs/cgroup"
        guard let limit = number("\(group)/memory.max"), let used = number("\(group)/memory.current") else {
            return nil
        }
        // The kernel releases inactive file pages when memory is needed.
        let cached = value(of: "inactive_file", in: "\(group)/memory.stat") ?? 0
        return left(limit, used: used, cached: cached)
    }

    private static func controlGroupVersion1(_ root: String) -> Int? {
        let group = "\(root)/sys/fs/cgroup/memory"
        guard let limit = number("\(group)/memory.limit_in_bytes"),
            let used = number("\(group)/memory.usage_in_bytes")
        else { return nil }
        return left(limit, used: used, cached: value(of: "total_inactive_file", in: "\(group)/memory.stat") ?? 0)
    }

    private static func left(_ limit: Int, used: Int, cached: Int) -> Int? {
        let (difference, overflow) = limit.subtractingReportingOverflow(used)
        guard !overflow else { return nil }
        let (left, tooLarge) = difference.addingReportingOverflow(min(cached, used))
        return tooLarge ? limit : max(0, left)
    }

    /// Returns the only number in a file; `nil` for "max".
    private static func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.split(whereSeparator: \.isWhitespace).first ?? "") }
    }

    /// Returns the number after a name at the beginning of a line.
    private static func value(of name: String, in path: String) -> Int? {
        for line in text(path)?.split(separator: "\n") ?? [] {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count >= 2, words[0] == name { return Int(words[1]) }
        }
        return nil
    }

    private static func text(_ path: String) -> String? {
        (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) }
    }
}
