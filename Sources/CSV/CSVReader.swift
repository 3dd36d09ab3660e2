/// A reader of comma-separated values ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), one record at a time.
///
/// The reader accepts more than the RFC: records may end with LF or CR alone, blank lines are skipped, and a quotation
/// mark inside a field that does not begin with one is an ordinary character.
public struct CSVReader {
    /// A record and the line on which it begins.
    public struct Record: Sendable, Equatable {
        /// The line on which the record begins, counted from 1.
        public let line: Int
        /// The fields of the record; at least one.
        public let fields: [String]
    }

    /// A violation of the CSV format.
    public struct Fault: Error, CustomStringConvertible {
        /// The line on which the defective record begins, counted from 1.
        public let line: Int
        /// A sentence that says what was expected, what was found and what to do.
        public let description: String
    }

    private let bytes: [UInt8]
    private let delimiter: UInt8
    private var position = 0
    private var line = 1

    /// Creates a reader of a UTF-8 table.
    ///
    /// - Parameters:
    ///   - bytes: The whole table.
    ///   - delimiter: The ASCII character that separates fields.
    public init(_ bytes: [UInt8], delimiter: UInt8) {
        self.bytes = bytes
        self.delimiter = delimiter
    }

    /// Returns the next record, or `nil` at the end of the table.
    ///
    /// - Throws: ``Fault`` if a quoted field is not closed, or if text follows the closing quotation mark.
    public mutating func next() throws(Fault) -> Record? {
        while passLineEnd() {}
        guard position < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        while true {
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                fields.append(try quotedField(recordStart: start))
            } else {
                fields.append(plainField())
            }
            guard position < bytes.count, bytes[position] == delimiter else {
                _ = passLineEnd()
                return Record(line: start, fields: fields)
            }
            position += 1
        }
    }

    private mutating func plainField() -> String {
        let start = position
        while position < bytes.count, bytes[position] != delimiter, !isLineEnd(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quotedField(recordStart: Int) throws(Fault) -> String {
        let quote = UInt8(ascii: "\"")
        position += 1
        var start = position
        var unquoted: [UInt8] = []
        while position < bytes.count {
            if bytes[position] != quote {
                if !passLineEnd() { position += 1 }
            } else if position + 1 < bytes.count, bytes[position + 1] == quote {
                unquoted += bytes[start...position]
                position += 2
                start = position
            } else {
                let rest = bytes[start..<position]
                position += 1
                guard position == bytes.count || bytes[position] == delimiter || isLineEnd(bytes[position]) else {
                    throw Fault(
                        line: recordStart,
                        description:
                            "expected a delimiter or the record's end after a closing quotation mark, found \(found()) on line \(line); double every quotation mark inside a quoted field."
                    )
                }
                return String(decoding: unquoted.isEmpty ? rest : unquoted[...] + rest, as: UTF8.self)
            }
        }
        throw Fault(
            line: recordStart,
            description:
                "the record has a quoted field that never ends; close it, and double every quotation mark inside it.")
    }

    private func found() -> String {
        let rest = bytes[position..<min(position + 80, bytes.count)]
        return String(decoding: rest, as: UTF8.self).prefix(12).debugDescription
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    /// Skips an LF, CR or CRLF and returns whether there was one.
    private mutating func passLineEnd() -> Bool {
        guard position < bytes.count, isLineEnd(bytes[position]) else { return false }
        let isPair =
            bytes[position] == UInt8(ascii: "\r") && position + 1 < bytes.count
            && bytes[position + 1] == UInt8(ascii: "\n")
        position += isPair ? 2 : 1
        line += 1
        return true
    }
}
