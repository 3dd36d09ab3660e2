import JSON

/// What a file's name or beginning says it is.
enum CorpusFileKind: Equatable {
    case commaSeparated
    case tabSeparated
    case jsonLines
    /// The text format of PubMed RCT.
    case pubMedRCT
    /// One JSON array around everything.
    case jsonArray

    /// By the name's extension, `.gz` aside; `nil` where that says nothing.
    init?(name: String) {
        let parts = name.lowercased().split(separator: ".").dropFirst()
        switch parts.last == "gz" ? parts.dropLast().last : parts.last {
        case "csv": self = .commaSeparated
        case "tsv": self = .tabSeparated
        case "jsonl", "ndjson": self = .jsonLines
        default: return nil
        }
    }

    /// By the name's extension, or else by the first bytes.
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

    /// What is said of a file in one array, as `json.dump` writes it.
    static func arrayError(_ file: CorpusFile) -> CorpusError {
        CorpusError(
            file: file.name,
            "expected JSON lines, one object a line, found a JSON array; convert it, for example by jq -c '.[]'.")
    }
}
