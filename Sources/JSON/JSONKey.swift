/// The name of an object's member. Names are equal if their bytes are equal.
///
/// Swift compares and hashes strings as Unicode text, which takes quadratic time on a long run of combining marks. A
/// client could stop the service with one member's name.
public struct JSONKey: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name without quotation marks and escapes.
    public let text: String

    /// Creates a name.
    public init(_ text: String) {
        self.text = text
    }

    /// Creates a name from a literal.
    public init(stringLiteral text: String) {
        self.init(text)
    }

    /// The name without quotation marks and escapes.
    public var description: String { text }

    /// Whether two names have the same bytes.
    public static func == (left: JSONKey, right: JSONKey) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the bytes of the name.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
