extension String {
    /// The string escaped for use as text or as a quoted attribute value in XML and HTML.
    ///
    /// Characters that XML does not allow become U+FFFD.
    package var markup: String {
        var escaped = ""
        escaped.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
            case "\0"..." ", "\u{7F}"..."\u{9F}", "\u{FFFE}"..."\u{FFFF}":
                escaped.unicodeScalars.append(scalar == " " ? scalar : "\u{FFFD}")
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
