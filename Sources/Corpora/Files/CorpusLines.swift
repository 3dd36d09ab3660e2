/// The lines of a text, which end with LF or CRLF.
struct CorpusLines: Sequence, IteratorProtocol {
    /// A line with its number.
    struct Line {
        /// The number of the line, counted from 1.
        let number: Int
        /// The bytes of the line without its line end.
        let bytes: ArraySlice<UInt8>

        /// Whether the line has only spaces and control characters.
        var isBlank: Bool { bytes.allSatisfy { $0 <= 0x20 } }
    }

    private let bytes: [UInt8]
    private var position = 0
    private var number = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> Line? {
        guard position < bytes.count else { return nil }
        let start = position
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        position = end + 1
        number += 1
        let isCarriageReturned = end > start && bytes[end - 1] == UInt8(ascii: "\r")
        return Line(number: number, bytes: bytes[start..<(isCarriageReturned ? end - 1 : end)])
    }
}
