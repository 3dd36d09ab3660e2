/// A checkpoint's directory, and its name in requests.
public struct ModelSource: Sendable, Equatable {
    /// The name in requests; if absent, the name in the checkpoint's configuration, or else the directory's name.
    public var name: String?
    /// The checkpoint's directory.
    public var directory: String

    /// Creates a source, with or without a name.
    public init(name: String? = nil, directory: String) {
        self.name = name
        self.directory = directory
    }

    /// Reads `NAME=DIR` or `DIR`. The part before the first `=` is a name only if it contains neither slash nor colon,
    /// so `./a=b` is a directory.
    public init(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, !parts[0].isEmpty, !parts[0].contains(where: { $0 == "/" || $0 == ":" }) {
            self.init(name: String(parts[0]), directory: String(parts[1]))
        } else {
            self.init(directory: text)
        }
    }
}
