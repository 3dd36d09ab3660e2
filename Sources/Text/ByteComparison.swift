// Swift compares strings as Unicode text: canonically equivalent texts are equal. For a long run of combining marks, that
// takes quadratic time. Texts of clients are therefore compared as bytes.

extension StringProtocol {
    /// Returns whether both texts have the same bytes in UTF-8. The time is linear for every text.
    package func hasBytes(of other: some StringProtocol) -> Bool {
        utf8.elementsEqual(other.utf8)
    }

    /// The first 40 code points of the text in quotation marks, for error messages.
    package var excerpt: String {
        let limit = 40
        let start = unicodeScalars.prefix(limit)
        let quoted = String(String.UnicodeScalarView(start)).debugDescription
        return start.endIndex == unicodeScalars.endIndex ? quoted : quoted + " …"
    }
}

extension CaseIterable where Self: RawRepresentable, RawValue == String {
    /// The case whose raw value has the same bytes as `text`; `nil` if there is none.
    package init?(bytesOf text: some StringProtocol) {
        guard let match = Self.allCases.first(where: { $0.rawValue.hasBytes(of: text) }) else { return nil }
        self = match
    }
}
