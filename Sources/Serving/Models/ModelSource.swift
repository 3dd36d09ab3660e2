/// Where a checkpoint lies, and the name it is to be asked for by.
public struct ModelSource: Sendable, Equatable {
    /// Where absent, the checkpoint's own, or else its directory's.
    public var name: String?
    /// The checkpoint's directory.
    public var directory: String

    /// A checkpoint, perhaps named.
    public init(name: String? = nil, directory: String) {
        self.name = name
        self.directory = directory
    }

    /// Reads `NAME=DIR` or `DIR`. What stands before the sign is a name where it has neither slash nor colon: `./a=b` is a directory.
    public init(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, !parts[0].isEmpty, !parts[0].contains(where: { $0 == "/" || $0 == ":" }) {
            self.init(name: String(parts[0]), directory: String(parts[1]))
        } else {
            self.init(directory: text)
        }
    }
}
