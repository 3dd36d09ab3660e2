/// How CSV is laid out.
public struct CSVLayout: Sendable, Equatable {
    /// What lies between two columns, an ASCII character; `nil` for a tab in files named `.tsv` and a comma in others.
    public var delimiter: Unicode.Scalar?
    /// Whether the first record names the columns. Without it, columns are given by their numbers from 1.
    public var hasHeader: Bool

    /// The usual: a header, commas.
    public init(delimiter: Unicode.Scalar? = nil, hasHeader: Bool = true) {
        self.delimiter = delimiter
        self.hasHeader = hasHeader
    }
}
