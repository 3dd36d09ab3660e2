/// Writes comma-separated values ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)) record by record.
public struct CSVWriter: Sendable {
    /// What has been written, UTF-8.
    public private(set) var bytes: [UInt8] = []
    private let delimiter: UInt8

    /// Nothing written yet.
    ///
    /// - Parameter delimiter: What lies between two fields, an ASCII character.
    public init(delimiter: UInt8 = UInt8(ascii: ",")) {
        self.delimiter = delimiter
    }

    /// Writes one record, ended by CRLF.
    public mutating func record(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(delimiter) }
            write(field)
        }
        bytes += [0x0D, 0x0A]
    }

    /// A field goes between quotation marks where it holds what divides fields or records, a quotation mark, or white space at its ends,
    /// which some readers take away.
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
