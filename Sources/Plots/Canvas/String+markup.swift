extension String {
    /// The same as text, or as a quoted attribute's value, of XML and HTML: nothing in it is markup.
    ///
    /// What XML has no character for becomes U+FFFD.
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
