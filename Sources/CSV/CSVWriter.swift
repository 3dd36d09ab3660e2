/// A writer of comma-separated values ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), one record at a time.
public struct CSVWriter: Sendable {
    /// The records written so far, as UTF-8.
    public private(set) var bytes: [UInt8] = []
    private let delimiter: UInt8

    /// Creates a writer without records.
    ///
    /// - Parameter delimiter: The ASCII character that separates fields.
    public init(delimiter: UInt8 = UInt8(ascii: ",")) {
        self.delimiter = delimiter
    }

    /// Writes one record, ending with CRLF.
    public mutating func record(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(delimiter) }
            write(field)
        }
        bytes += [0x0D, 0x0A]
    }

    /// Writes a field. It is quoted if it contains a delimiter, a line break or a quotation mark, or if it begins or
    /// ends with whitespace, which some readers remove.
    private mutating func write(_ field: String) {
        let quote = UInt8(ascii: "\"")
        let isPlain = !field.utf8.contains { [delimiter, quote, 0x0A, 0x0D].contains($0) }
        guard !isPlain || field.first?.isWhitespace == true || field.last?.isWhitespace == true else {
            bytes.append(contentsOf: field.utf8)
            return
        }
        bytes.append(quote)
        for byte in field.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }
}
