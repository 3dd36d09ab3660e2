/// Reads texts with one or more labels each, every file perhaps compressed by gzip.
public struct TextReader: Sendable {
    /// How a file holds texts.
    public enum Format: String, CaseIterable, Sendable {
        /// CSV of one text a record.
        case csv
        /// JSON lines of one text each.
        case jsonLines = "jsonl"
    }

    /// `nil` to tell by each file's name and beginning.
    public var format: Format?
    /// Columns that the text is put together from: a header's name, a number from 1, or a JSON member's name. None for
    /// "text" or "sentence".
    public var textColumns: [String] = []
    /// What comes between the columns of a text. Blank ones are passed over.
    public var textSeparator = " "
    /// The label's column; `nil` for "label" or "labels".
    public var labelColumn: String?
    /// What lies between several labels in one cell, such as "|"; `nil` where a cell is one label.
    public var labelSeparator: String?
    /// The column of the text's id; `nil` where texts go by file and line.
    public var idColumn: String?
    /// For CSV.
    public var layout = CSVLayout()
    /// What the labels are called.
    public var labels = LabelNames()

    /// A reader of the usual columns.
    public init(format: Format? = nil) {
        self.format = format
    }

    /// Reads files one after the other, as one corpus.
    ///
    /// A text has no label where a list in JSON is empty, or the cell is and there is a ``labelSeparator``.
    ///
    /// - Parameter paths: The files; "-" is standard input.
    /// - Returns: The texts; blank ones are left out and counted.
    /// - Throws: `CorpusError` naming file and line: a file that cannot be read, a line that breaks its format, an id
    ///   that two texts have, no text at all.
    public func read(_ paths: [String]) throws(CorpusError) -> TrainingCorpus<TrainingText> {
        var collection = CorpusCollection<TrainingText>()
        for path in paths { try read(CorpusFile(path: path), into: &collection) }
        return try collection.corpus()
    }

    /// Reads the bytes of one file.
    ///
    /// - Parameters:
    ///   - bytes: The bytes, which gzip may have compressed.
    ///   - name: The file's name, for errors and for telling the format.
    /// - Returns: As ``read(_:)``.
    /// - Throws: As ``read(_:)``.
    public func read(_ bytes: [UInt8], name: String) throws(CorpusError) -> TrainingCorpus<TrainingText> {
        var collection = CorpusCollection<TrainingText>()
        try read(CorpusFile(name: name, stored: bytes), into: &collection)
        return try collection.corpus()
    }

    /// Reads a file whose rows are to be written again with predicted labels.
    ///
    /// - Parameters:
    ///   - file: CSV or JSON lines.
    ///   - needsLabels: Whether every row must have its true labels.
    /// - Returns: Every row; none is left out.
    /// - Throws: `CorpusError` naming the line of a row that breaks the format or has a blank text, or a file without rows.
    public func readTable(_ file: CorpusFile, needsLabels: Bool) throws(CorpusError) -> PredictionTable {
        let format = try format(of: file)
        let names = try textNames(of: file, format)
        let columns = columns(text: names, needsLabels: needsLabels)
        var rows: [PredictionTable.Row] = []
        func append(_ row: CorpusRow, _ record: PredictionTable.Row.Record, isLabelled: Bool) throws(CorpusError) {
            let text = try text(row, file: file.name)
            guard !text.isBlank else {
                let columns = names.map { $0.joined(separator: " or ") }.joined(separator: " and ")
                throw CorpusError(
                    file: file.name, line: row.line,
                    "\(columns) \(names.count == 1 ? "is" : "are") blank; expected a text.")
            }
            rows.append(
                PredictionTable.Row(
                    place: "\(file.name), line \(row.line)", text: text,
                    labels: isLabelled ? try labels(row, file: file.name) : nil, record: record))
        }
        let label: String
        let kind: PredictionTable.Kind
        switch format {
        case .csv:
            var csv = try CSVRows(file, layout: layout, columns: columns)
            var found: String?
            while let row = try csv.next() {
                try append(row, .fields(csv.fields), isLabelled: row.cells[0] != nil)
                found = found ?? columns[0].names.first(where: csv.header.contains)
            }
            label = found ?? labelColumn ?? (names.count > 1 ? "group" : "label")
            kind = .csv(header: csv.header, delimiter: csv.delimiter, labelSeparator: labelSeparator ?? "|")
        case .jsonLines:
            var json = JSONRows(file, columns: columns)
            while let row = try json.next() { try append(row, .object(json.object), isLabelled: row.cells[0] != nil) }
            label = labelColumn ?? columns[0].names.first(where: file.firstMembers.contains) ?? "label"
            kind = .jsonLines
        }
        guard !rows.isEmpty else {
            throw CorpusError(file: file.name, "there is no row; expected one for each text.")
        }
        return PredictionTable(rows: rows, label: label, kind: kind)
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

    private func format(of file: CorpusFile) throws(CorpusError) -> Format {
        try file.checkNotEmpty()
        if let format { return format }
        switch CorpusFileKind(file) {
        case .commaSeparated, .tabSeparated: return .csv
        case .jsonLines: return .jsonLines
        case .jsonArray: throw CorpusFileKind.arrayError(file)
        case .pubMedRCT:
            throw CorpusError(
                file: file.name, "expected labelled texts, found abstracts as in PubMed RCT; read them as abstracts.")
        case nil:
            throw CorpusError(
                file: file.name,
                "cannot tell the format from the file name or its first lines; expected JSON lines, or a name in .csv or .tsv. Pass --format: \(Format.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
    }

    /// The names of each column of the text: those given; or "text" or "sentence"; or else "title" and "abstract".
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

    /// The label, the id, and the text's columns.
    private func columns(text: [[String]], needsLabels: Bool) -> [CorpusColumn] {
        [
            CorpusColumn(
                labelColumn.map { [$0] } ?? ["label", "labels", "group"], purpose: "the label",
                isRequired: needsLabels),
            CorpusColumn(idColumn, else: [], purpose: "the text's id", isRequired: false),
        ] + text.map { CorpusColumn($0, purpose: "the text", isRequired: true) }
    }

    /// The text's columns joined; blank ones are passed over.
    private func text(_ row: CorpusRow, file: String) throws(CorpusError) -> String {
        var parts: [String] = []
        for cell in row.cells.dropFirst(2) {
            switch cell {
            case .one(let part): if !part.isBlank { parts.append(part) }
            case .many:
                throw CorpusError(file: file, line: row.line, "expected a text, found a list; give one text.")
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
                    "expected the text's id, found nothing; fill it in, or leave ids out.")
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
                    "the label \(name.excerpt) is given twice; expected the name or number of each label that applies, once (not a 0 or 1 for every label)."
                )
            }
            names.append(name)
        }
        return names
    }
}
