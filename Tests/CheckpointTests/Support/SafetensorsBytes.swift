/// Safetensors files that no correct writer would produce.
enum SafetensorsBytes {
    /// Returns a file with `header` and `data` zero bytes of data.
    static func file(header: String, length: UInt64? = nil, data: Int = 0) -> [UInt8] {
        file(header: Array(header.utf8), length: length, data: data)
    }

    static func file(header: [UInt8], length: UInt64? = nil, data: Int = 0) -> [UInt8] {
        let length = length ?? UInt64(header.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + header
            + [UInt8](repeating: 0, count: data)
    }

    /// Returns a member of a header.
    static func tensor(_ name: String, type: String = "F32", _ shape: [Int], _ begin: Int, _ end: Int) -> String {
        "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
    }

    static func header(_ members: String...) -> String { "{" + members.joined(separator: ",") + "}" }
}
