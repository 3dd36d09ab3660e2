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

    /// A name that MLflow takes: letters, digits, `_-. :/`, every other character as `_`, cut to its length.
    public static func key(_ name: String) -> String {
        let allowed = name.unicodeScalars.map { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "_-. :/".unicodeScalars.contains(scalar)
                ? scalar : "_"
        }
        return shortened(String(String.UnicodeScalarView(allowed)), to: key)
    }

    /// A text cut to a number of code points, with `…` at its end where something is missing.
    public static func shortened(_ text: String, to limit: Int) -> String {
        guard text.unicodeScalars.count > limit else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))) + "…"
    }
}
