import JSON

/// The kind of a corpus file, detected from its name or first bytes.
enum CorpusFileKind: Equatable {
    case commaSeparated
    case tabSeparated
    case jsonLines
    /// The text format of PubMed RCT.
    case pubMedRCT
    /// A single JSON array.
    case jsonArray

    /// Detects the kind from the name's extension, ignoring `.gz`; `nil` for other extensions.
    init?(name: String) {
        let parts = name.lowercased().split(separator: ".").dropFirst()
        switch parts.last == "gz" ? parts.dropLast().last : parts.last {
        case "csv": self = .commaSeparated
        case "tsv": self = .tabSeparated
        case "jsonl", "ndjson": self = .jsonLines
        default: return nil
        }
    }

    /// Detects the kind from the name's extension, or otherwise from the first bytes.
    init?(_ file: CorpusFile) {
        let start = file.bytes.first { $0 > 0x20 }
        if start == UInt8(ascii: "["), CorpusFileKind(name: file.name) == .jsonLines {
            self = .jsonArray
        } else if let kind = CorpusFileKind(name: file.name) {
            self = kind
        } else if start == UInt8(ascii: "{") {
            self = .jsonLines
        } else if start == UInt8(ascii: "[") {
            self = .jsonArray
        } else if file.bytes.drop(while: { $0 <= 0x20 }).starts(with: "###".utf8) {
            self = .pubMedRCT
        } else {
            return nil
        }
    }

    /// Returns the error for a file that is a single JSON array, as `json.dump` writes it.
    static func arrayError(_ file: CorpusFile) -> CorpusError {
        CorpusError(
            file: file.name,
            "expected JSON lines, one object per line, found a JSON array; convert the file, for example with jq -c '.[]'."
        )
    }
}
