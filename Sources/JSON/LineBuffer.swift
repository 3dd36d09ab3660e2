/// A buffer for bytes that arrive in parts and are read line by line, such as JSON lines.
public struct LineBuffer: Sendable {
    private var bytes: [UInt8] = []
    private var next = 0
    /// The index up to which no line end was found.
    private var searched = 0

    /// Creates an empty buffer.
    public init() {}

    /// The number of bytes that have not been removed yet.
    public var count: Int { bytes.count - next }

    /// Appends the next part.
    public mutating func append(_ part: some Collection<UInt8>) {
        bytes.removeFirst(next)
        searched -= next
        next = 0
        bytes.append(contentsOf: part)
    }

    /// Removes the next complete line and returns it without its line end, or `nil` if no line is complete.
    public mutating func line() -> [UInt8]? {
        guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            return nil
        }
        defer {
            next = end + 1
            searched = next
        }
        return Array(bytes[next..<end])
    }

    /// Removes and returns all remaining bytes.
    public mutating func rest() -> [UInt8] {
        defer { self = LineBuffer() }
        return Array(bytes[next...])
    }
}
