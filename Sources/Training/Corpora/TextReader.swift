public import Evaluation

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
    /// - Parameter paths: "-" is standard input.
    /// - Returns: The texts; blank ones are left out and counted.
    /// - Throws: `CorpusError` naming file and line: a file that cannot be read, a line that breaks its format, an id
    ///   that two texts have, no text at all.
    public func read(_ paths: [String]) throws(CorpusError) -> TrainingCorpus<TrainingText> {
        var collection = TextCollection()
        for path in paths { try read(CorpusContent(path: path), into: &collection) }
        return try collection.corpus()
    }

    /// Reads the bytes of one file.
    ///
    /// - Parameters:
    ///   - bytes: Perhaps compressed by gzip.
    ///   - name: The file's name, for errors and for telling the format.
    /// - Returns: As ``read(_:)``.
    /// - Throws: As ``read(_:)``.
    public func read(_ bytes: [UInt8], name: String) throws(CorpusError) -> TrainingCorpus<TrainingText> {
        var collection = TextCollection()
        try read(CorpusContent(name: name, stored: bytes), into: &collection)
        return try collection.corpus()
    }

    private func read(_ content: CorpusContent, into collection: inout TextCollection) throws(CorpusError) {
        collection.begin(content.source)
        let columns = columns
        switch try format(of: content) {
        case .csv:
            var rows = try CSVRows(content, layout: layout, columns: columns)
            while let row = try rows.next() { try add(row, of: content.name, to: &collection) }
        case .jsonLines:
            var rows = JSONRows(content, columns: columns)
            while let row = try rows.next() { try add(row, of: content.name, to: &collection) }
        }
    }

    private func format(of content: CorpusContent) throws(CorpusError) -> Format {
        if let format { return format }
        switch CorpusFileKind(content) {
        case .commaSeparated, .tabSeparated: return .csv
        case .jsonLines: return .jsonLines
        case .jsonArray: throw CorpusFileKind.arrayError(content)
        case .pubMedRCT:
            throw CorpusError(
                file: content.name, "expected labelled texts, found abstracts as in PubMed RCT; read them as abstracts."
            )
        case nil:
            throw CorpusError(
                file: content.name,
                "this is no format of texts that can be told by the file's name or beginning; expected JSON lines, or a name in .csv or .tsv. Name the format: \(Format.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
    }

    /// The label, the id, and the text's columns.
    private var columns: [CorpusColumn] {
        let label = CorpusColumn(labelColumn, else: ["label", "labels"], purpose: "the label")
        let id = CorpusColumn(idColumn, else: [], purpose: "the text's id", isRequired: false)
        guard textColumns.isEmpty else {
            return [label, id] + textColumns.map { CorpusColumn($0, else: [], purpose: "the text") }
        }
        return [label, id, CorpusColumn(nil, else: ["text", "sentence"], purpose: "the text")]
    }

    private func add(_ row: CorpusRow, of file: String, to collection: inout TextCollection) throws(CorpusError) {
        func fault(_ sentence: String) -> CorpusError { CorpusError(file: file, line: row.line, sentence) }
        var parts: [String] = []
        for cell in row.cells.dropFirst(2) {
            switch cell {
            case .one(let part): if !part.isBlank { parts.append(part) }
            case .many: throw fault("expected a text, found a list; give one text.")
            case nil: break
            }
        }
        var id: String?
        if idColumn != nil {
            guard case .one(let found) = row.cells[1], !found.isBlank else {
                throw fault("expected the text's id, found nothing; fill it in, or leave ids out.")
            }
            id = found.trimmed
        }
        let text = TrainingText(
            id: id ?? "\(file):\(row.line)", text: parts.joined(separator: textSeparator),
            labels: try labels(row, file: file))
        try collection.add(text, line: row.line, isNamed: id != nil)
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
