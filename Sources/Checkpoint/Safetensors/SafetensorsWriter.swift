/// Writes a file of the [safetensors format](https://github.com/huggingface/safetensors#format).
public enum SafetensorsWriter {
    /// Writes `entries` in the order given, and `metadata`, to `path`.
    ///
    /// The file appears complete or not at all: it is written beside `path` under another name, then renamed.
    /// - Throws: `CheckpointError`, listing every entry that cannot be stored.
    public static func write(
        _ entries: [SafetensorsEntry], metadata: [String: String] = [:], to path: String
    ) throws(CheckpointError) {
        let header = try header(entries, metadata: metadata, path: path)
        var file = try ReplacementFile(for: path)
        try file.write(header)
        for entry in entries { try file.write(entry.bytes) }
        try file.commit()
    }

    /// The header's length and the header, padded with spaces so that the data begin at a multiple of 8 bytes.
    private static func header(
        _ entries: [SafetensorsEntry], metadata: [String: String], path: String
    ) throws(CheckpointError) -> [UInt8] {
        var problems: [CheckpointProblem] = []
        var names: Set<String> = ["__metadata__"]
        var members: [String] = []
        var begin = 0
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(json($0.key)):\(json($0.value))" }
            members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        for entry in entries {
            if !names.insert(entry.name).inserted {
                problems.append(CheckpointProblem("the name is taken; expected another", tensor: entry.name))
            }
            let expected = entry.elementType.byteCount(ofShape: entry.shape)
            if expected != entry.bytes.count {
                let size = expected.map { "takes \($0) bytes" } ?? "has no size"
                problems.append(
                    CheckpointProblem(
                        "\(entry.elementType) of shape \(brief(entry.shape)) \(size), but \(entry.bytes.count) are given",
                        tensor: entry.name))
            }
            let end = begin + entry.bytes.count
            let shape = entry.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(json(entry.name)):{\"dtype\":\"\(entry.elementType.rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(begin),\(end)]}")
            begin = end
        }
        var header = Array("{\(members.joined(separator: ","))}".utf8)
        header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
        if header.count > SafetensorsReader.headerLimit {
            problems.append(
                CheckpointProblem(
                    "the header takes \(header.count) bytes; expected at most \(SafetensorsReader.headerLimit)"))
        }
        guard problems.isEmpty else { throw .unstorable(path: path, problems: problems) }
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt64(header.count))
        return bytes + header
    }

    private static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
