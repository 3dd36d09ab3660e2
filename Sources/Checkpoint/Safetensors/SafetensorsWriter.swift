/// A writer of the [safetensors format](https://github.com/huggingface/safetensors#format).
public enum SafetensorsWriter {
    /// Writes `entries` in the given order, and `metadata`, to `path`.
    ///
    /// The file is written under a temporary name and then renamed, so that `path` never contains an incomplete file.
    ///
    /// - Throws: `CheckpointError` with all entries that cannot be stored, or if the file cannot be written.
    public static func write(
        _ entries: [SafetensorsEntry], metadata: [String: String] = [:], to path: String
    ) throws(CheckpointError) {
        let members = entries.map {
            Member(name: $0.name, elementType: $0.elementType, shape: $0.shape, byteCount: $0.bytes.count)
        }
        let header = try header(members, metadata: metadata, path: path)
        var file = try ReplacementFile(for: path)
        try file.write(header)
        for entry in entries { try file.write(entry.bytes) }
        try file.commit()
    }

    /// Writes tensors of 32-bit floats whose values are supplied in parts, so that no second copy of all values is
    /// needed.
    ///
    /// - Parameters:
    ///   - tensors: The names and shapes, in the order of the file.
    ///   - metadata: Key-value pairs for the header.
    ///   - path: The path of the file, which never contains an incomplete file.
    ///   - produce: A closure that is called for each tensor, in order, with its index in `tensors` and a function that
    ///     writes its values, row-major, in any number of parts.
    /// - Throws: `CheckpointError` if an entry cannot be stored, if `produce` supplies more or fewer values than the
    ///   shape requires, or if the file cannot be written.
    public static func write(
        _ tensors: [(name: String, shape: [Int])], metadata: [String: String] = [:], to path: String,
        produce: (_ tensor: Int, _ write: ([Float]) throws(CheckpointError) -> Void) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let members = tensors.map {
            Member(
                name: $0.name, elementType: .f32, shape: $0.shape,
                byteCount: ElementType.f32.byteCount(ofShape: $0.shape) ?? -1)
        }
        let header = try header(members, metadata: metadata, path: path)
        var file = try ReplacementFile(for: path)
        try file.write(header)
        var buffer: [UInt8] = []
        buffer.reserveCapacity(2 * partSize)
        for (index, member) in members.enumerated() {
            var written = 0
            try produce(index) { (values) throws(CheckpointError) in
                for value in values { buffer.append(littleEndian: value.bitPattern) }
                written += 4 * values.count
                guard buffer.count >= partSize else { return }
                try file.write(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
            guard written == member.byteCount else {
                let problem = "takes \(member.byteCount) bytes, but \(written) were supplied"
                throw .unstorable(path: path, problems: [CheckpointProblem(problem, tensor: member.name)])
            }
        }
        try file.write(buffer)
        try file.commit()
    }

    /// The number of bytes that are collected before they are written.
    private static let partSize = 1 << 20

    /// A tensor as described in the header.
    private struct Member {
        let name: String
        let elementType: ElementType
        let shape: [Int]
        let byteCount: Int
    }

    /// Returns the length of the header and the header, padded with spaces so that the data begin at a multiple of 8
    /// bytes.
    private static func header(
        _ entries: [Member], metadata: [String: String], path: String
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
                problems.append(CheckpointProblem("the name is not unique; choose another", tensor: entry.name))
            }
            let expected = entry.elementType.byteCount(ofShape: entry.shape)
            if expected != entry.byteCount {
                let size = expected.map { "takes \($0) bytes" } ?? "has no valid size"
                problems.append(
                    CheckpointProblem(
                        "\(entry.elementType) of shape \(brief(entry.shape)) \(size), but \(entry.byteCount) bytes "
                            + "are given",
                        tensor: entry.name))
            }
            let end = begin + entry.byteCount
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
