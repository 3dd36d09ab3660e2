/// A position at which bytes are not valid JSON, or not the expected JSON, with the reason.
public struct JSONSyntaxError: Error, Equatable, Sendable {
    /// A phrase that says what was expected and what was found.
    public let reason: String
    /// The index of the defective byte.
    public let position: Int

    /// Returns the line and the column of the error, both counted from 1. Columns count code points.
    ///
    /// - Parameter bytes: The document that was read.
    /// - Returns: The position as text editors count it.
    public func place(in bytes: [UInt8]) -> (line: Int, column: Int) {
        let before = bytes[..<min(position, bytes.count)]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        // In UTF-8, only continuation bytes have the form 10xxxxxx.
        return (before.count { $0 == UInt8(ascii: "\n") } + 1, before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1)
    }
}
