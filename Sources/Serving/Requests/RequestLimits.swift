/// The largest request that the service takes.
public struct RequestLimits: Sendable, Equatable {
    /// Bytes of one body, after decompression.
    public var bodyBytes = 8 << 20
    /// Lines of one NDJSON stream that are in flight at once: enough for several batches of common abstracts.
    static let linesInProgress = 32

    /// Bytes of one line of a stream, so that the lines in flight are together no larger than a body. An abstract has a
    /// few thousand.
    var lineBytes: Int { min(bodyBytes, max(1 << 16, bodyBytes / Self.linesInProgress)) }

    /// Abstracts or texts in one request.
    public var items = 1_000
    /// Sentences in one request, counted over all its abstracts.
    public var sentences = 20_000

    /// JSON values in one body: as many as the items and sentences need, and enough more that a request with too many
    /// items is read and told which limit it exceeds.
    var values: Int { 10_000 + 10 * (items + sentences) }

    /// Bytes of all bodies that are in memory at once.
    var heldBytes: Int { 4 * bodyBytes }

    /// The default limits.
    public init() {}
}
