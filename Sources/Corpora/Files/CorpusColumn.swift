/// A table's column, or the member of a JSON object: its names in the order they are tried.
struct CorpusColumn {
    /// Names, or numbers from 1 for columns of CSV.
    let names: [String]
    /// What it holds, for errors.
    let purpose: String
    /// Whether nothing can be read without it.
    let isRequired: Bool

    /// A column by the name that an option gives, which must then be there, or else by its usual names.
    init(_ given: String?, else names: [String], purpose: String, isRequired: Bool = true) {
        self.init(given.map { [$0] } ?? names, purpose: purpose, isRequired: isRequired || given != nil)
    }

    /// A column by its possible names.
    init(_ names: [String], purpose: String, isRequired: Bool) {
        self.names = names
        self.purpose = purpose
        self.isRequired = isRequired
    }

    /// The names as an error says them.
    var description: String { names.map(\.debugDescription).joined(separator: " or ") }
}
