import CSV
import JSON

/// A table of texts whose rows are written again with predicted labels beside everything they held.
public struct PredictionTable: Sendable {
    /// One text.
    public struct Row: Sendable {
        /// What the file holds of a row.
        enum Record: Sendable {
            /// The fields of a CSV record.
            case fields([String])
            /// The bytes of a JSON object.
            case object([UInt8])
        }

        /// The file and the line where the row begins, for errors.
        public let place: String
        /// The text, never blank.
        public let text: String
        /// The true labels; `nil` where the table has no such column.
        public let labels: [String]?
        let record: Record
    }

    /// How the rows are written.
    enum Kind: Sendable {
        /// CSV (RFC 4180); an empty header where the file has none.
        case csv(header: [String], delimiter: UInt8, labelSeparator: String)
        /// One JSON object a line.
        case jsonLines
    }

    /// The rows in the file's order.
    public let rows: [Row]
    /// The name of the column that predicted labels are written to, such as `group_predicted`.
    public let predictedColumn: String
    private let kind: Kind

    init(rows: [Row], label: String, kind: Kind) {
        self.rows = rows
        predictedColumn = "\(label)_predicted"
        self.kind = kind
    }

    /// Whether every row has its true labels.
    public var hasLabels: Bool { rows.allSatisfy { $0.labels != nil } }

    /// The table with one more column, ``predictedColumn``.
    ///
    /// - Parameters:
    ///   - predicted: The labels of each row.
    ///   - asList: Whether JSON holds a list of labels, rather than the only one.
    /// - Returns: UTF-8: CSV (RFC 4180) or JSON lines, as the file was.
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
