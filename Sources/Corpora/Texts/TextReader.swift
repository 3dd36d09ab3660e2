import Text

/// A reader of texts with one or more labels each. Files may be compressed with gzip.
public struct TextReader: Sendable {
    /// The format of a file of texts.
    public enum Format: String, CaseIterable, Sendable {
        /// CSV with one text per record.
        case csv
        /// JSON lines with one text each.
        case jsonLines = "jsonl"
    }

    /// The format of all files; `nil` to detect it from each file's name and first bytes.
    public var format: Format?
    /// The columns that are joined to form the text: names in the header, numbers from 1, or JSON member names. If
    /// empty, "text" or "sentence", or otherwise "title" and "abstract".
    public var textColumns: [String] = []
    /// The text between two joined columns. Blank columns are skipped.
    public var textSeparator = " "
    /// The column of the label; `nil` for "label", "labels" or "group".
    public var labelColumn: String?
    /// The text between several labels in one cell, such as "|"; `nil` if a cell is one label.
    public var labelSeparator: String?
    /// The column of the text's id; `nil` to identify texts by file and line.
    public var idColumn: String?
    /// The layout of CSV files.
    public var layout = CSVLayout()
    /// The names of the labels.
    public var labels = LabelNames()

    /// Creates a reader with the default columns, layout and label names.
    public init(format: Format? = nil) {
        self.format = format
    }

    /// Reads files one after the other as one corpus.
    ///
    /// A text has no labels if its JSON list is empty, or if its cell is empty and ``labelSeparator`` is set.
    ///
    /// - Parameter paths: The paths of the files; "-" is standard input.
    /// - Returns: The texts. Blank texts are skipped and counted.
    /// - Throws: `CorpusError`, with the file and line, if a file cannot be read, a line violates the format, two texts
    ///   have the same id, or there are no texts.
    public func read(_ paths: [String]) throws(CorpusError) -> TrainingCorpus<TrainingText> {
        var collection = CorpusCollection<TrainingText>()
        for path in paths { try read(CorpusFile(path: path), into: &collection) }
        return try collection.corpus()
    }

    /// Reads the bytes of one file as a corpus.
    ///
    /// - Parameters:
    ///   - bytes: The bytes of the file, which may be compressed with gzip.
    ///   - name: The name of the file, used in error messages and to detect the format.
    /// - Returns: The texts. Blank texts are skipped and counted.
    /// - Throws: `CorpusError`, with the line, if a line violates the format, two texts have the same id, or there are
    ///   no texts.
    public func read(_ bytes: [UInt8], name: String) throws(CorpusError) -> TrainingCorpus<TrainingText> {
        var collection = CorpusCollection<TrainingText>()
        try read(CorpusFile(name: name, stored: bytes), into: &collection)
        return try collection.corpus()
    }

    /// Reads a file whose rows will be written again with predicted labels.
    ///
    /// - Parameters:
    ///   - file: A CSV file or JSON lines.
    ///   - needsLabels: Whether every row must have true labels.
    /// - Returns: All rows of the file.
    /// - Throws: `CorpusError`, with the file and line, if a row violates the format or its text is blank, or if there
    ///   are no rows.
    public func readTable(_ file: CorpusFile, needsLabels: Bool) throws(CorpusError) -> PredictionTable {
        let format = try format(of: file, otherwise: .csv)
        let names = try textNames(of: file, format)
        let columns = columns(text: names, needsLabels: needsLabels)
        var rows: [PredictionTable.Row] = []
        func append(_ row: CorpusRow, _ record: PredictionTable.Row.Record, isLabelled: Bool) throws(CorpusError) {
            let text = try text(row, file: file.name)
            guard !text.isBlank else {
                let columns = names.map { $0.joined(separator: " or ") }.joined(separator: " and ")
                throw CorpusError(
                    file: file.name, line: row.line,
                    "\(columns) \(names.count == 1 ? "is" : "are") blank; expected a text. Fill it in, or remove the row."
                )
            }
            rows.append(
                PredictionTable.Row(
                    place: "\(file.name), line \(row.line)", text: text,
                    labels: isLabelled ? try labels(row, file: file.name) : nil, record: record))
        }
        let kind: PredictionTable.Kind
        var members = file.firstMembers
        switch format {
        case .csv:
            var csv = try CSVRows(file, layout: layout, columns: columns)
            while let row = try csv.next() {
                try append(row, .fields(csv.fields), isLabelled: needsLabels && row.cells[0] != nil)
            }
            members = csv.header
            kind = .csv(header: csv.header, delimiter: csv.delimiter, labelSeparator: labelSeparator ?? "|")
        case .jsonLines:
            var json = JSONRows(file, columns: columns)
            while let row = try json.next() {
                try append(row, .object(json.object), isLabelled: needsLabels && row.cells[0] != nil)
            }
            kind = .jsonLines
        }
        guard !rows.isEmpty else {
            throw CorpusError(file: file.name, "there are no rows; expected one row for each text.")
        }
        return PredictionTable(rows: rows, label: labelName(among: members, of: names), kind: kind)
    }

    private func read(
        _ file: CorpusFile, into collection: inout CorpusCollection<TrainingText>
    ) throws(CorpusError) {
        collection.begin(file.source)
        let format = try format(of: file)
        let columns = columns(text: try textNames(of: file, format), needsLabels: true)
        switch format {
        case .csv:
            var rows = try CSVRows(file, layout: layout, columns: columns)
            while let row = try rows.next() { try add(row, of: file.name, to: &collection) }
        case .jsonLines:
            var rows = JSONRows(file, columns: columns)
            while let row = try rows.next() { try add(row, of: file.name, to: &collection) }
        }
    }

    /// The name of the label column, after which the column of predictions is named.
    private func labelName(among members: [String], of texts: [[String]]) -> String {
        if let labelColumn {
            let number = Int(labelColumn).map { $0 - 1 }
            return number.flatMap { members.indices.contains($0) ? members[$0] : nil } ?? labelColumn
        }
        return Self.labelNames.first(where: members.contains) ?? (texts.count > 1 ? "group" : "label")
    }

    private static let labelNames = ["label", "labels", "group"]

    private func format(of file: CorpusFile, otherwise: Format? = nil) throws(CorpusError) -> Format {
        try file.checkNotEmpty()
        if let format { return format }
        switch CorpusFileKind(file) {
        case .commaSeparated, .tabSeparated: return .csv
        case .jsonLines: return .jsonLines
        case .jsonArray: throw CorpusFileKind.arrayError(file)
        case .pubMedRCT:
            throw CorpusError(
                file: file.name,
                "expected labelled texts, found abstracts in the format of PubMed RCT; choose a task or checkpoint for abstracts."
            )
        case nil:
            if let otherwise { return otherwise }
            throw CorpusError(
                file: file.name,
                "cannot tell the format from the file name or its first lines; expected JSON lines, or a file name that ends in .csv or .tsv. Pass --format with one of: \(Format.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
    }

    /// Returns the possible names of each column of the text: the chosen columns; or "text" or "sentence"; or otherwise
    /// "title" and "abstract".
    private func textNames(of file: CorpusFile, _ format: Format) throws(CorpusError) -> [[String]] {
        guard textColumns.isEmpty else { return textColumns.map { [$0] } }
        let found =
            switch format {
            case .csv: layout.hasHeader ? try CSVRows.firstFields(file, layout: layout) : []
            case .jsonLines: file.firstMembers
            }
        let usual = ["text", "sentence"]
        let parts = ["title", "abstract"].filter(found.contains)
        return parts.isEmpty || usual.contains(where: found.contains) ? [usual] : parts.map { [$0] }
    }

    /// Returns the columns of the label, the id and the text, in this order.
    private func columns(text: [[String]], needsLabels: Bool) -> [CorpusColumn] {
        [
            CorpusColumn(
                labelColumn.map { [$0] } ?? Self.labelNames, purpose: "the label",
                option: "--label-column", isRequired: needsLabels),
            CorpusColumn(idColumn, else: [], purpose: "the text's id", option: "--id-column", isRequired: false),
        ] + text.map { CorpusColumn($0, purpose: "the text", option: "--text-column", isRequired: true) }
    }

    /// Returns the joined columns of the text without the blank ones.
    private func text(_ row: CorpusRow, file: String) throws(CorpusError) -> String {
        var parts: [String] = []
        for cell in row.cells.dropFirst(2) {
            switch cell {
            case .one(let part): if !part.isBlank { parts.append(part) }
            case .many:
                throw CorpusError(file: file, line: row.line, "expected a text, found a list; write one text.")
            case nil: break
            }
        }
        return parts.joined(separator: textSeparator)
    }

    private func add(_ row: CorpusRow, of file: String, to collection: inout CorpusCollection<TrainingText>)
        throws(CorpusError)
    {
        let text = try text(row, file: file)
        var id: String?
        if idColumn != nil {
            guard case .one(let found) = row.cells[1], !found.isBlank else {
                throw CorpusError(
                    file: file, line: row.line,
                    "expected the text's id, found nothing; fill it in, or remove --id-column.")
            }
            id = found.trimmed
        }
        let item = TrainingText(
            id: id ?? "\(file):\(row.line)", text: text, labels: try labels(row, file: file))
        try collection.add(item, line: row.line, isNamed: id != nil)
    }

    private func labels(_ row: CorpusRow, file: String) throws(CorpusError) -> [String] {
        let found: [String]
        switch row.cells[0] {
        case nil: found = []
        case .one(let cell):
            if let labelSeparator, !labelSeparator.isEmpty {
                found = cell.split(separator: labelSeparator).map(\.trimmed).filter { !$0.isEmpty }
            } else {
                found = [cell]
            }
        case .many(let cells): found = cells
        }
        var names: [String] = []
        for label in found {
            let name = try labels.name(of: label, file: file, line: row.line)
            guard !names.contains(name) else {
                throw CorpusError(
                    file: file, line: row.line,
                    "the label \(name.excerpt) occurs twice; expected each label that applies once, by name or number, and not a 0 or 1 for every label. Remove the duplicate."
                )
            }
            names.append(name)
        }
        return names
    }
}
