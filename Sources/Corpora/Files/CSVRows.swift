import CSV
import Text

/// The rows of a CSV file, reduced to the requested columns.
struct CSVRows {
    private var reader: CSVReader
    private let name: String
    private let hasHeader: Bool
    private let columns: [CorpusColumn]
    /// The field index of each column, `[columns]`; `nil` for a missing optional column. Filled when the first record
    /// is read.
    private var places: [Int?] = []
    private var width: Int?
    /// The column names, available after the first row was read. Empty if the file has no header.
    private(set) var header: [String] = []
    /// All fields of the last row that was read.
    private(set) var fields: [String] = []
    /// The character between two columns.
    let delimiter: UInt8

    init(_ file: CorpusFile, layout: CSVLayout, columns: [CorpusColumn]) throws(CorpusError) {
        name = file.name
        hasHeader = layout.hasHeader
        self.columns = columns
        let delimiter = layout.delimiter ?? (CorpusFileKind(name: name) == .tabSeparated ? "\t" : ",")
        guard delimiter.isASCII, !["\"", "\n", "\r"].contains(delimiter) else {
            throw CorpusError(
                file: name,
                "the delimiter cannot be \(String(delimiter).debugDescription); choose an ASCII character such as a comma, a semicolon or a tab."
            )
        }
        self.delimiter = UInt8(ascii: delimiter)
        reader = CSVReader(file.bytes, delimiter: self.delimiter)
    }

    /// Returns the fields of the first record, or none if the file has no records.
    static func firstFields(_ file: CorpusFile, layout: CSVLayout) throws(CorpusError) -> [String] {
        var rows = try CSVRows(file, layout: layout, columns: [])
        return try rows.record()?.fields.map(\.trimmed) ?? []
    }

    /// Returns the next row, or `nil` at the end of the file.
    mutating func next() throws(CorpusError) -> CorpusRow? {
        guard var record = try record() else { return nil }
        if width == nil {
            try place(record)
            if hasHeader {
                guard let first = try self.record() else { return nil }
                record = first
            }
        }
        let width = width ?? 0
        guard record.fields.count == width else {
            throw CorpusError(
                file: name, line: record.line,
                "expected \(width) columns as in the first record, found \(record.fields.count); enclose any field that contains a delimiter or a line break in quotation marks."
            )
        }
        fields = record.fields
        return CorpusRow(line: record.line, cells: places.map { place in place.map { .one(record.fields[$0]) } })
    }

    private mutating func record() throws(CorpusError) -> CSVReader.Record? {
        do throws(CSVReader.Fault) {
            return try reader.next()
        } catch {
            throw CorpusError(file: name, line: error.line, error.description)
        }
    }

    /// Finds the requested columns in the first record.
    private mutating func place(_ first: CSVReader.Record) throws(CorpusError) {
        width = first.fields.count
        header = hasHeader ? first.fields.map(\.trimmed) : []
        let header = header
        for column in columns {
            let named = column.names.lazy.compactMap { header.firstIndex(of: $0) }.first
            let numbered = column.names.lazy.compactMap { Int($0) }.first { (1...first.fields.count).contains($0) }
            let place = named ?? numbered.map { $0 - 1 }
            if place == nil, column.isRequired {
                let has =
                    hasHeader
                    ? "the header has \(header.prefix(20).map(\.excerpt).joined(separator: ", ")); name the column with \(column.option), or pass --no-header if the first line is data."
                    : "without a header, columns are numbers from 1 to \(first.fields.count); pass one of them as \(column.option)."
                throw CorpusError(
                    file: name, line: first.line,
                    "expected a column \(column.description) for \(column.purpose), but \(has)"
                )
            }
            places.append(place)
        }
    }
}
