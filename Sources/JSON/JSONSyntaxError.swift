/// Where bytes are not JSON, or not the JSON that was expected, and what is wrong there.
public struct JSONSyntaxError: Error, Equatable, Sendable {
    /// What was expected and what was found.
    public let reason: String
    /// The byte, from 0.
    public let position: Int

    /// The line and the column in code points, both from 1.
    ///
    /// - Parameter bytes: What was read.
    /// - Returns: A place that an editor can find.
    public func place(in bytes: [UInt8]) -> (line: Int, column: Int) {
        let before = bytes[..<min(position, bytes.count)]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        // Every byte of a code point but its first is 10xxxxxx.
        return (before.count { $0 == UInt8(ascii: "\n") } + 1, before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1)
    }
}
