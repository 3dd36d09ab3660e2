/// A place in a distributed trace ([W3C Trace Context](https://www.w3.org/TR/trace-context/)): the client's trace goes on
/// with a span of this service's own.
struct TraceContext: Equatable, Sendable {
    /// 32 hexadecimal digits.
    let trace: String
    /// The client's span, 16 hexadecimal digits.
    let parent: String
    /// This request's own span.
    let span: String

    /// Continues what a `traceparent` field says; `nil` where it is not valid, as the recommendation wants it.
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

    /// 16 hexadecimal digits that nothing else is named by.
    static func newSpan() -> String {
        let digits = String(UInt64.random(in: 1...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
