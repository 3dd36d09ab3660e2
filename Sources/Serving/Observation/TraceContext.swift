/// The position of a request in a distributed trace ([W3C Trace Context](https://www.w3.org/TR/trace-context/)): the client's trace
/// with a new span of this service.
package struct TraceContext: Equatable, Sendable {
    /// The trace's identifier, 32 hexadecimal digits.
    package let trace: String
    /// The identifier of the client's span, 16 hexadecimal digits.
    let parent: String
    /// The identifier of this request's span, 16 hexadecimal digits.
    let span: String

    /// Continues the trace of a `traceparent` field; `nil` if the field is not valid, as the recommendation requires.
    package init?(traceparent field: String) {
        let parts = field.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map(Array.init)
        guard parts.count >= 4, Self.isHexadecimal(parts[0], 2), parts[0] != Array("ff".utf8),
            Self.isHexadecimal(parts[1], 32), Self.isNonzero(parts[1]),
            Self.isHexadecimal(parts[2], 16), Self.isNonzero(parts[2]),
            Self.isHexadecimal(parts[3], 2), parts[0] != Array("00".utf8) || parts.count == 4
        else { return nil }
        trace = String(decoding: parts[1], as: UTF8.self)
        parent = String(decoding: parts[2], as: UTF8.self)
        span = Self.newSpan()
    }

    /// A new random identifier of 16 hexadecimal digits.
    static func newSpan() -> String {
        let digits = String(UInt64.random(in: 1...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func isHexadecimal(_ digits: [UInt8], _ count: Int) -> Bool {
        digits.count == count && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func isNonzero(_ digits: [UInt8]) -> Bool { digits.contains { $0 != UInt8(ascii: "0") } }
}
