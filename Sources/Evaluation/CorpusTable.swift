import CSV

/// A table of texts, a row each, that comes back with what a checkpoint says of them beside all that it held.
public struct CorpusTable: Sendable {
    /// Where a table has texts and labels.
    public struct Columns: Sendable {
        /// What a text is put together from, one space between.
        public var text: [String]
        /// Where its labels are.
        public var label: String
        /// What lies between several labels in one cell.
        public var labelSeparator: String
        /// What lies between two columns, an ASCII character.
        public var delimiter: UInt8

        /// Columns by their names in the header.
        public init(text: [String], label: String, labelSeparator: String, delimiter: UInt8 = UInt8(ascii: ",")) {
            self.text = text
            self.label = label
            self.labelSeparator = labelSeparator
            self.delimiter = delimiter
        }
    }

    /// One text.
    public struct Row: Sendable {
        /// The file and the line where it begins, to be named in errors.
        public let place: String
        /// Never blank.
        public let text: String
        /// `nil` where the table has no such column.
        public let labels: [String]?
        fileprivate let fields: [String]
    }

    /// In the table's order.
    public let rows: [Row]
    private let header: [String]
    private let columns: Columns

    /// Reads a table with a header.
    ///
    /// - Parameters:
    ///   - csv: UTF-8 (RFC 4180).
    ///   - name: The file's name, for errors.
    ///   - columns: Which of its columns matter.
    ///   - needsLabels: Whether it has to have the column of labels.
    /// - Throws: ``CorpusError`` naming the file, and the line of a row that is at fault.
    public init(csv: [UInt8], name: String, columns: Columns, needsLabels: Bool) throws(CorpusError) {
        func fault(_ line: Int, _ sentence: String) -> CorpusError {
            CorpusError(description: "\(name), line \(line): \(sentence)")
        }
        guard String(validating: csv, as: UTF8.self) != nil else {
            throw CorpusError(
                description: "\(name): expected UTF-8; convert the file, for example by iconv -f latin1 -t utf-8.")
        }
        let content = csv.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(csv.dropFirst(3)) : csv
        var reader = CSVReader(content, delimiter: columns.delimiter)
        func next() throws(CorpusError) -> CSVReader.Record? {
            do throws(CSVReader.Fault) {
                return try reader.next()
            } catch {
                throw fault(error.line, error.description)
            }
        }
        guard let first = try next() else {
            throw CorpusError(description: "\(name): the file is empty; expected a header and a row for each text.")
        }
        let header = first.fields.map { $0.trimmingSpace() }
        func place(_ column: String) throws(CorpusError) -> Int {
            if let place = header.firstIndex(of: column) { return place }
            throw fault(
                first.line,
                "expected a column \"\(column)\", but the header has \(header.map { "\"\($0)\"" }.joined(separator: ", ")); say which columns hold the text and its labels."
            )
        }
        var textPlaces: [Int] = []
        for column in columns.text { textPlaces.append(try place(column)) }
        let labelPlace = needsLabels ? try place(columns.label) : header.firstIndex(of: columns.label)
        var rows: [Row] = []
        while let record = try next() {
            guard record.fields.count == header.count else {
                throw fault(
                    record.line,
                    "expected \(header.count) columns as in the header, found \(record.fields.count); put a field that contains a delimiter or a line break into quotation marks."
                )
            }
            let parts = textPlaces.map { record.fields[$0] }.filter { !$0.trimmingSpace().isEmpty }
            guard !parts.isEmpty else {
                throw fault(
                    record.line,
                    "\(columns.text.joined(separator: " and ")) \(columns.text.count == 1 ? "is" : "are") blank; expected a text."
                )
            }
            rows.append(
                Row(
                    place: "\(name), line \(record.line)", text: parts.joined(separator: " "),
                    labels: labelPlace.map { Self.labels(in: record.fields[$0], columns.labelSeparator) },
                    fields: record.fields))
        }
        guard !rows.isEmpty else {
            throw CorpusError(description: "\(name): there is no row below the header; expected one for each text.")
        }
        self.rows = rows
        self.header = header
        self.columns = columns
    }

    /// Whether every row says what is true of it.
    public var hasLabels: Bool { rows.allSatisfy { $0.labels != nil } }

    /// The table with one more column, such as `group_predicted`.
    ///
    /// - Parameter given: The labels of each row.
    /// - Returns: UTF-8 (RFC 4180).
    public func csv(with given: [[String]]) -> [UInt8] {
        var writer = CSVWriter(delimiter: columns.delimiter)
        writer.record(header + ["\(columns.label)_predicted"])
        for (row, given) in zip(rows, given) {
            writer.record(row.fields + [given.joined(separator: columns.labelSeparator)])
        }
        return writer.bytes
    }

    private static func labels(in cell: String, _ separator: String) -> [String] {
        let parts = separator.isEmpty ? [cell] : cell.split(separator: separator).map(String.init)
        return parts.map { $0.trimmingSpace() }.filter { !$0.isEmpty }
    }
}

extension String {
    /// Without white space at its ends.
    fileprivate func trimmingSpace() -> String {
        let kept = drop(while: \.isWhitespace)
        return String(kept.reversed().drop(while: \.isWhitespace).reversed())
    }
}
