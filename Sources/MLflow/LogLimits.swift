/// MLflow's limits for one request (`mlflow/utils/validation.py`, MLflow 3.18).
public enum LogLimits {
    /// Metrics in a batch; params and tags count towards this limit.
    public static let metrics = 1_000
    /// Params in a batch, and likewise tags in a batch.
    public static let pairs = 100
    /// Bytes in the body of a batch request.
    public static let bytes = 1_000_000
    /// Characters in a name.
    public static let key = 250
    /// Characters in the value of a param.
    public static let paramValue = 6_000
    /// Characters in the value of a tag.
    public static let tagValue = 8_000

    /// Converts a name to one that MLflow accepts.
    ///
    /// MLflow allows letters and digits of any script and `_-. :/`; every other character becomes `_`. A name that is too
    /// long is cut and ends in `_`. MLflow also checks names as paths and refuses those that are not normalised or lead out
    /// of their directory, so empty components and `.` become `_`, and `..` becomes `__`.
    public static func key(_ name: String) -> String {
        let allowed = String.UnicodeScalarView(name.unicodeScalars.map { isAllowed($0) ? $0 : "_" })
        var parts = allowed.split(separator: "/", omittingEmptySubsequences: false).map { part in
            switch String(part) {
            case "", ".": "_"
            case "..": "__"
            default: String(part)
            }
        }
        // MLflow refuses any name that begins with two dots.
        if let first = parts.first, first.hasPrefix("..") { parts[0] = "__" + first.dropFirst(2) }
        return shortened(parts.joined(separator: "/"), to: key, end: "_")
    }

    /// Whether MLflow allows a character in a name: Python's `\w` matches it, or it is one of `_-. :/`.
    ///
    /// Python 3.10, the oldest version that MLflow supports, knows the letters of Unicode 13 and does not count vowel signs
    /// and other combining marks as letters.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            scalar.properties.age.map { $0.major <= 13 } ?? false
        default: "_-. :/".unicodeScalars.contains(scalar)
        }
    }

    /// Cuts a text to at most `limit` code points; a text that was cut ends in `end`, which is one code point.
    public static func shortened(_ text: String, to limit: Int, end: String = "…") -> String {
        guard text.unicodeScalars.count > limit else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))) + end
    }
}
