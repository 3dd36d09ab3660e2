/// A table's column, or the member of a JSON object: its names in the order they are tried.
struct CorpusColumn {
    /// Names, or numbers from 1 for columns of CSV.
    let names: [String]
    /// What it holds, for errors.
    let purpose: String
    /// Whether nothing can be read without it.
    let isRequired: Bool

    init(_ given: String?, else names: [String], purpose: String, isRequired: Bool = true) {
        self.names = given.map { [$0] } ?? names
        self.purpose = purpose
        self.isRequired = isRequired || given != nil
    }

    /// The names as an error says them.
    var description: String { names.map(\.debugDescription).joined(separator: " or ") }
}
