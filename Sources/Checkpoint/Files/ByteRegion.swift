/// The bytes from which a tensor is read: a part of a mapped file, or a decompressed record.
enum ByteRegion: Sendable {
    /// A range of the file. The range must lie within the file.
    case mapped(MappedFile, Range<Int>)
    case memory([UInt8])

    var count: Int {
        switch self {
        case .mapped(_, let range): range.count
        case .memory(let bytes): bytes.count
        }
    }

    /// Calls `body` with the bytes in `range`, clamped to the region.
    func withBytes<R, E: Error>(in range: Range<Int>, _ body: (RawSpan) throws(E) -> R) throws(E) -> R {
        let range = range.clamped(to: 0..<count)
        switch self {
        case .mapped(let file, let whole):
            let start = whole.lowerBound + range.lowerBound
            return try file.withBytes(in: start..<start + range.count, body)
        case .memory(let bytes):
            return try unsafe body(bytes.span.bytes.extracting(range))
        }
    }

    func withBytes<R, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
        try withBytes(in: 0..<count, body)
    }
}
