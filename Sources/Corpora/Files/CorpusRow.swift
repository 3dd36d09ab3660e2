/// What a row has in a column.
enum CorpusCell {
    /// A text, or a number as it is written.
    case one(String)
    /// A list of them, which only JSON has.
    case many([String])
}

/// A row of a table, or a line of JSON.
struct CorpusRow {
    /// Where it begins, from 1.
    let line: Int
    /// What it has in each of the columns that were asked for; `nil` for nothing or JSON's `null`.
    let cells: [CorpusCell?]
}
