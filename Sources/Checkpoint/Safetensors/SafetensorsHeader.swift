internal import JSON

/// The JSON header of a safetensors file, parsed but not yet checked against the file.
struct SafetensorsHeader {
    /// A member of the header that describes a tensor.
    struct Entry {
        var name: String
        /// The name of the element type. It may be unsupported.
        var elementType: String
        var shape: [Int]
        /// The start of the tensor, in bytes from the end of the header.
        /// The end of the tensor, in bytes from the end of the header.
        var begin: Int
        var end: Int
    }

    private(set) var entries: [Entry] = []
    private(set) var metadata: [String: String] = [:]
    /// Keys that appear more than once. JSON leaves their meaning undefined, and safetensors forbids them.
    private(set) var duplicates: [CheckpointProblem] = []

    /// Parses the header.
    ///
    /// - Throws: The first violation of JSON syntax or of the header's structure. The rest cannot be read after it.
    init(json bytes: [UInt8], origin: Int) throws(CheckpointProblem) {
        guard bytes.first == UInt8(ascii: "{") else {
            throw CheckpointProblem("expected the header to begin with '{'", position: origin)
        }
        var json = JSONReader(bytes)
        var seen: Set<JSONKey> = []
        var entries: [Entry] = []
        var metadata: [String: String] = [:]
        var duplicates: [CheckpointProblem] = []
        // The entry that is being read, to be named in an error.
        var reading: String?
        do throws(JSONSyntaxError) {
            try json.object { (json, name) throws(JSONSyntaxError) in
                if !seen.insert(name).inserted {
                    duplicates.append(
                        CheckpointProblem(
                            "appears more than once", tensor: name.text, position: origin + json.position))
                }
                if name == "__metadata__" {
                    metadata = try Self.metadata(&json)
                } else {
                    reading = name.text
                    entries.append(try Self.entry(name.text, &json))
                    reading = nil
                }
            }
            try json.end()
        } catch {
            throw CheckpointProblem(error.reason, tensor: reading, position: origin + error.position)
        }
        self.entries = entries
        self.metadata = metadata
        self.duplicates = duplicates
    }

    private static func metadata(_ json: inout JSONReader) throws(JSONSyntaxError) -> [String: String] {
        var metadata: [String: String] = [:]
        guard try !json.skipNull() else { return metadata }
        try json.object { (json, key) throws(JSONSyntaxError) in metadata[key.text] = try json.string() }
        return metadata
    }

    private static func entry(_ name: String, _ json: inout JSONReader) throws(JSONSyntaxError) -> Entry {
        var elementType: String?
        var shape: [Int]?
        var offsets: [Int]?
        try json.object { (json, key) throws(JSONSyntaxError) in
            switch key {
            case "dtype" where elementType == nil: elementType = try json.string()
            case "shape" where shape == nil: shape = try counts(&json)
            case "data_offsets" where offsets == nil: offsets = try counts(&json)
            case "dtype", "shape", "data_offsets": throw json.fault("\(quoted(key.text)) appears more than once")
            default: try json.skipValue()
            }
        }
        guard let elementType else { throw json.fault("expected a \"dtype\", found none") }
        guard let shape else { throw json.fault("expected a \"shape\", found none") }
        guard let offsets, offsets.count == 2 else {
            throw json.fault("expected \"data_offsets\" of two numbers, found \(offsets?.count ?? 0)")
        }
        return Entry(name: name, elementType: elementType, shape: shape, begin: offsets[0], end: offsets[1])
    }

    private static func counts(_ json: inout JSONReader) throws(JSONSyntaxError) -> [Int] {
        var counts: [Int] = []
        try json.array { (json) throws(JSONSyntaxError) in counts.append(try json.count()) }
        return counts
    }
}
