/// The value of a column in one row.
enum CorpusCell {
    /// A string, or a number as it is written in the file.
    case one(String)
    /// A list of strings or numbers; only in JSON.
    case many([String])
}

/// A row of a table, or a line of JSON lines.
struct CorpusRow {
    /// The line on which the row begins, counted from 1.
    let line: Int
    /// The value of each requested column; `nil` for a missing value or JSON's `null`.
    let cells: [CorpusCell?]
}
