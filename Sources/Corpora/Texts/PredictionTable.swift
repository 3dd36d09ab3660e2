import CSV
import JSON

/// A table of texts that is written again with a column of predicted labels.
public struct PredictionTable: Sendable {
    /// A row of the table, with one text.
    public struct Row: Sendable {
        /// The original content of a row.
        enum Record: Sendable {
            /// The fields of a CSV record.
            case fields([String])
            /// The bytes of a JSON object.
            case object([UInt8])
        }

        /// The file and line of the row, for error messages.
        public let place: String
        /// The text, never blank.
        public let text: String
        /// The true labels; `nil` if the table has no label column.
        public let labels: [String]?
        let record: Record
    }

    /// The format in which the rows are written.
    enum Kind: Sendable {
        /// CSV (RFC 4180). The header is empty if the file has none.
        case csv(header: [String], delimiter: UInt8, labelSeparator: String)
        /// One JSON object per line.
        case jsonLines
    }

    /// The rows in the order of the file.
    public let rows: [Row]
    /// The name of the column for predicted labels, such as `group_predicted`.
    public let predictedColumn: String
    private let kind: Kind

    init(rows: [Row], label: String, kind: Kind) {
        self.rows = rows
        predictedColumn = "\(label)_predicted"
        self.kind = kind
    }

    /// The extension of a file with this table: `csv` or `jsonl`.
    public var fileExtension: String { if case .csv = kind { "csv" } else { "jsonl" } }

    /// Returns the table with the additional column ``predictedColumn``.
    ///
    /// - Parameters:
    ///   - predicted: The predicted labels of each row.
    ///   - asList: Whether JSON lines hold a list of labels instead of a single label.
    /// - Returns: The table as UTF-8, in the format of the file: CSV (RFC 4180) or JSON lines.
    public func content(predicted: [[String]], asList: Bool) -> [UInt8] {
        switch kind {
        case .csv(let header, let delimiter, let separator):
            var writer = CSVWriter(delimiter: delimiter)
            if !header.isEmpty { writer.record(header + [predictedColumn]) }
            for (row, labels) in zip(rows, predicted) {
                guard case .fields(let fields) = row.record else { continue }
                writer.record(fields + [labels.joined(separator: separator)])
            }
            return writer.bytes
        case .jsonLines:
            var bytes: [UInt8] = []
            for (row, labels) in zip(rows, predicted) {
                guard case .object(let object) = row.record, let end = object.lastIndex(of: UInt8(ascii: "}"))
                else { continue }
                var json = JSONWriter()
                json.object { json in
                    if asList {
                        json.key(predictedColumn)
                        json.array(labels) { json, label in json.string(label) }
                    } else {
                        json.member(predictedColumn, labels.first ?? "")
                    }
                }
                bytes += object[..<end]
                bytes.append(UInt8(ascii: ","))
                bytes += json.bytes.dropFirst()
                bytes.append(UInt8(ascii: "\n"))
            }
            return bytes
        }
    }
}
