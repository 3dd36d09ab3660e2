extension String {
    /// What follows the last slash but those at the end; all of it where there is none.
    package var lastPathComponent: String { split(separator: "/").last.map(String.init) ?? self }
}
