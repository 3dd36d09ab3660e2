/// A column of a table, or a member of a JSON object, with its possible names.
struct CorpusColumn {
    /// The names in the order in which they are tried. For CSV, also numbers from 1.
    let names: [String]
    /// The content of the column, for error messages.
    let purpose: String
    /// The option that names the column, for error messages.
    let option: String
    /// Whether a file without this column is an error.
    let isRequired: Bool

    /// Creates a required column from the name in an option, or from the default names if the option is absent.
    init(_ given: String?, else names: [String], purpose: String, option: String, isRequired: Bool = true) {
        self.init(
            given.map { [$0] } ?? names, purpose: purpose, option: option, isRequired: isRequired || given != nil)
    }

    /// Creates a column from its possible names.
    init(_ names: [String], purpose: String, option: String, isRequired: Bool) {
        self.names = names
        self.purpose = purpose
        self.option = option
        self.isRequired = isRequired
    }

    /// The names as error messages show them.
    var description: String { names.map(\.debugDescription).joined(separator: " or ") }
}
