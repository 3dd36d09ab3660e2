/// The position of a request in a distributed trace ([W3C Trace Context](https://www.w3.org/TR/trace-context/)): the client's trace
/// with a new span of this service.
struct TraceContext: Equatable, Sendable {
    /// The trace's identifier, 32 hexadecimal digits.
    let trace: String
    /// The identifier of the client's span, 16 hexadecimal digits.
    let parent: String
    /// The identifier of this request's span, 16 hexadecimal digits.
    let span: String

    /// Continues the trace of a `traceparent` field; `nil` if the field is not valid, as the recommendation requires.
    init?(traceparent field: String) {
        let parts = field.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, Self.isHexadecimal(parts[0], 2), parts[0] != "ff",
            Self.isHexadecimal(parts[1], 32), parts[1].contains(where: { $0 != "0" }),
            Self.isHexadecimal(parts[2], 16), parts[2].contains(where: { $0 != "0" }),
            Self.isHexadecimal(parts[3], 2), parts[0] != "00" || parts.count == 4
        else { return nil }
        trace = String(parts[1])
        parent = String(parts[2])
        span = Self.newSpan()
    }

    /// A new random identifier of 16 hexadecimal digits.
    static func newSpan() -> String {
        let digits = String(UInt64.random(in: 1...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
