/// A file that was read.
public struct CorpusSource: Sendable, Equatable {
    /// As it was given.
    public var name: String
    /// How many bytes it has once decompressed.
    public var byteCount: Int
    /// SHA-256 of those bytes in hexadecimal: what `sha256sum` says of the file, or `zcat file | sha256sum` where it is
    /// compressed.
    public var sha256: String
    /// How many times an epoch reads each of its abstracts, in the mean.
    public var weight = 1.0
}
