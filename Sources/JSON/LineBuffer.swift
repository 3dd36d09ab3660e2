/// Bytes that come in parts and are taken out by the line, of JSON lines for example.
public struct LineBuffer: Sendable {
    private var bytes: [UInt8] = []
    private var next = 0
    /// Up to where there is no end of a line.
    private var searched = 0

    /// An empty buffer.
    public init() {}

    /// The bytes that are not taken out yet.
    public var count: Int { bytes.count - next }

    /// Adds what comes next.
    public mutating func append(_ part: some Collection<UInt8>) {
        bytes.removeFirst(next)
        searched -= next
        next = 0
        bytes.append(contentsOf: part)
    }

    /// Takes out the next line without its end; `nil` where none has ended yet.
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

    /// Takes out everything that is left.
    public mutating func rest() -> [UInt8] {
        defer { self = LineBuffer() }
        return Array(bytes[next...])
    }
}
