import Labelling

extension Predictions {
    /// A table (RFC 4180): a row for each prediction with its id, its sentence's place from 0 (empty for a text), the text, the
    /// true and the predicted labels, and the probability of every label.
    ///
    /// Several labels of one text lie between `|`.
    public var csv: [UInt8] {
        var bytes: [UInt8] = []
        func row(_ cells: [String]) {
            for (index, cell) in cells.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(csvCell: cell)
            }
            bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        }
        func names(_ places: [Int]) -> String { places.map { labels[$0] }.joined(separator: "|") }
        row(["id", "sentence", "text", "label", "predicted"] + labels.map { "p_\($0)" })
        for item in items {
            row(
                [item.id, item.sentence.map { "\($0)" } ?? "", item.text, names(item.truth), names(item.given)]
                    + item.probabilities.map { "\(Float($0))" })
        }
        return bytes
    }
}

extension [UInt8] {
    /// Appends a cell, between quotation marks where it holds a comma, a quotation mark or a line break, or where white space
    /// at its ends might be taken away.
    fileprivate mutating func append(csvCell cell: String) {
        let mustQuote =
            cell.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D].contains($0) }
            || cell.first?.isWhitespace == true || cell.last?.isWhitespace == true
        guard mustQuote else {
            append(contentsOf: cell.utf8)
            return
        }
        append(UInt8(ascii: "\""))
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }
}
