/// What one request may log at most (`mlflow/utils/validation.py`, MLflow 3.18).
public enum LogLimits {
    /// Metrics of a batch; its params and tags count among them.
    public static let metrics = 1_000
    /// Params, or tags, of a batch.
    public static let pairs = 100
    /// Bytes of a batch's body.
    public static let bytes = 1_000_000
    /// Characters of a name.
    public static let key = 250
    /// Characters of a param's value.
    public static let paramValue = 6_000
    /// Characters of a tag's value.
    public static let tagValue = 8_000

    /// A name that MLflow takes: letters and digits of any script and `_-. :/`, every other character as `_`, cut to its length,
    /// with `_` at its end where something is missing.
    ///
    /// MLflow takes a name for a path and refuses one that leads elsewhere, or is another's in disguise: so `_` stands for
    /// what is missing between slashes, too, and for `.` and `..`.
    public static func key(_ name: String) -> String {
        let allowed = String.UnicodeScalarView(name.unicodeScalars.map { isAllowed($0) ? $0 : "_" })
        var parts = allowed.split(separator: "/", omittingEmptySubsequences: false).map { part in
            switch String(part) {
            case "", ".": "_"
            case "..": "__"
            default: String(part)
            }
        }
        // Whatever begins so is refused.
        if let first = parts.first, first.hasPrefix("..") { parts[0] = "__" + first.dropFirst(2) }
        return shortened(parts.joined(separator: "/"), to: key, end: "_")
    }

    /// Whether Python's `\w`, or MLflow besides, has a character. Python 3.10, the oldest that MLflow runs with, knows the
    /// letters of Unicode 13; vowel signs and other marks that combine with letters are none for it.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            scalar.properties.age.map { $0.major <= 13 } ?? false
        default: "_-. :/".unicodeScalars.contains(scalar)
        }
    }

    /// A text cut to a number of code points, with `end`, which is one, where something is missing.
    public static func shortened(_ text: String, to limit: Int, end: String = "…") -> String {
        guard text.unicodeScalars.count > limit else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))) + end
    }
}
