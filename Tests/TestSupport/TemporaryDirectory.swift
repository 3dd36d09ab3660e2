public import FoundationEssentials

/// A directory that is gone when its last user is.
public final class TemporaryDirectory: Sendable {
    /// Where it is.
    public let url: URL

    /// A new, empty directory.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "rubricator-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// A copy of another directory's files.
    public convenience init(copyOf other: URL) throws {
        try self.init()
        try copyContent(of: other)
    }

    /// Replaces all files by another directory's; whoever has them open or mapped keeps what they were.
    public func replaceContent(byThatOf other: URL) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: url.path()) {
            try FileManager.default.removeItem(at: url.appending(path: name))
        }
        try copyContent(of: other)
    }

    private func copyContent(of other: URL) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: other.path()) {
            try FileManager.default.copyItem(
                atPath: other.appending(path: name).path(), toPath: url.appending(path: name).path())
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
