/// The description of a file that was read.
public struct CorpusSource: Sendable, Equatable {
    /// The name as the user gave it.
    public var name: String
    /// The number of bytes after decompression.
    public var byteCount: Int
    /// The SHA-256 digest of the decompressed bytes in hexadecimal, as `sha256sum` prints it, or `zcat file |
    /// sha256sum` for a compressed file.
    public var sha256: String
    /// The mean number of times that an epoch reads each abstract of the file.
    public var weight = 1.0
}
