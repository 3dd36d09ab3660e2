public import FoundationEssentials

/// A temporary directory that is removed when its last reference is released.
public final class TemporaryDirectory: Sendable {
    /// The location of the directory.
    public let url: URL

    /// Creates a new, empty directory.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "rubricator-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// Creates a copy of the files in another directory.
    public convenience init(copyOf other: URL) throws {
        try self.init()
        try copyContent(of: other)
    }

    /// Replaces all files with those in another directory. Processes that have the old files open or mapped keep them.
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
