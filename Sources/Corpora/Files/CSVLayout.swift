/// The layout of a CSV file.
public struct CSVLayout: Sendable, Equatable {
    /// The ASCII character between two columns; `nil` for a tab in files named `.tsv` and a comma in others.
    public var delimiter: Unicode.Scalar?
    /// Whether the first record holds the column names. Otherwise columns are numbered from 1.
    public var hasHeader: Bool

    /// Creates a layout; by default with a header.
    public init(delimiter: Unicode.Scalar? = nil, hasHeader: Bool = true) {
        self.delimiter = delimiter
        self.hasHeader = hasHeader
    }
}
