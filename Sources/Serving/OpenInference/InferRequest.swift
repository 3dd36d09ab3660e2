internal import JSON
internal import Labelling
internal import Text

/// A request of the Open Inference Protocol
/// ([version 2, REST](https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md)): one
/// tensor of texts, as JSON or as Triton's
/// [binary tensor data](https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md).
package struct InferRequest {
    /// An output tensor that the client requests.
    struct Output {
        let name: String
        let isBinary: Bool
    }

    /// The client's own name for the request.
    let id: String?
    /// The input tensor's name.
    let input: String
    /// The input tensor's elements in row-major order.
    let texts: [String]
    /// The requested outputs; `nil` for all of them.
    let outputs: [Output]?
    /// Whether outputs that are not requested by name are sent as binary data.
    let prefersBinary: Bool
    /// The parameter `headings`, if the request has it.
    let headings: HeadingPolicy?

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - body: JSON, which binary data may follow.
    ///   - jsonCount: The length of the JSON in bytes; `nil` if the body is all JSON.
    ///   - limits: The limits of one request.
    ///   - caller: The client that waits; `nil` if the work cannot be cancelled.
    /// - Throws: ``LabellingFailure`` with the member at fault; deadlineExceeded or clientGone.
    package init(
        _ body: [UInt8], jsonCount: Int?, limits: RequestLimits, for caller: Caller? = nil
    ) throws(LabellingFailure) {
        let count = jsonCount ?? body.count
        guard (0...body.count).contains(count) else {
            throw LabellingFailure.malformed(
                "inference-header-content-length is \(count), but the body has \(body.count) bytes.")
        }
        let value = try PredictRequest.value(Array(body[..<count]), "the request", limits, for: caller)
        guard case .object(let members) = value else {
            throw LabellingFailure.malformed("the request is \(value.kind); expected an object with \"inputs\".")
        }
        id = try Self.string(members["id"], "id")
        let parameters = try Self.object(members["parameters"], "parameters")
        prefersBinary = try Self.bool(parameters["binary_data_output"], "parameters.binary_data_output") ?? false
        headings = try Self.string(parameters["headings"], "parameters.headings").map { text throws(LabellingFailure) in
            guard let policy = HeadingPolicy(bytesOf: text) else {
                throw LabellingFailure.malformed(
                    "parameters.headings is \(text.excerpt); expected \"use\" or \"ignore\".")
            }
            return policy
        }
        guard case .array(let inputs)? = members["inputs"], inputs.count == 1, case .object(let tensor) = inputs[0]
        else {
            throw LabellingFailure.malformed(
                "inputs is missing or is not an array of exactly one tensor; send one tensor.")
        }
        input = try Self.required(try Self.string(tensor["name"], "inputs[0].name"), "inputs[0].name")
        let datatype = try Self.required(
            try Self.string(tensor["datatype"], "inputs[0].datatype"), "inputs[0].datatype")
        guard datatype.hasBytes(of: "BYTES") else {
            throw LabellingFailure.malformed("inputs[0].datatype is \(datatype.excerpt); expected \"BYTES\".")
        }
        let size = try Self.size(of: tensor["shape"], atMost: limits.items)
        let binaryCount = try Self.integer(
            try Self.object(tensor["parameters"], "inputs[0].parameters")["binary_data_size"],
            "inputs[0].parameters.binary_data_size")
        let elements =
            if let binaryCount {
                try Self.elements(ofBinary: body[count...], count: binaryCount)
            } else {
                try Self.elements(of: tensor["data"])
            }
        guard elements.count == size else {
            throw LabellingFailure.malformed(
                "inputs[0] has \(elements.count) elements, but inputs[0].shape announces \(size); correct one of them.")
        }
        texts = elements
        guard let outputs = members["outputs"] else {
            self.outputs = nil
            return
        }
        guard case .array(let asked) = outputs else {
            throw LabellingFailure.malformed("outputs is \(outputs.kind); expected an array.")
        }
        var checked: [Output] = []
        for (index, output) in asked.enumerated() {
            let place = "outputs[\(index)]"
            let members = try Self.object(output, place)
            let name = try Self.required(try Self.string(members["name"], "\(place).name"), "\(place).name")
            guard !checked.contains(where: { $0.name.hasBytes(of: name) }) else {
                throw LabellingFailure.malformed(
                    "\(place).name is \(name.excerpt), which is requested twice; remove one of them.")
            }
            guard checked.count < 16 else {
                throw LabellingFailure.malformed("outputs has \(asked.count) elements; expected at most 16.")
            }
            let parameters = try Self.object(members["parameters"], "\(place).parameters")
            checked.append(
                Output(
                    name: name,
                    isBinary: try Self.bool(parameters["binary_data"], "\(place).parameters.binary_data")
                        ?? prefersBinary))
        }
        self.outputs = checked
    }

    /// The number of elements that a shape describes.
    private static func size(of shape: JSONValue?, atMost limit: Int) throws(LabellingFailure) -> Int {
        guard case .array(let dimensions)? = shape, !dimensions.isEmpty else {
            throw LabellingFailure.malformed(
                "inputs[0].shape is missing or is not an array of whole numbers; expected an array such as [1].")
        }
        var size = 1
        for dimension in dimensions {
            guard let count = try integer(dimension, "inputs[0].shape"), count >= 1, count <= limit,
                size * count <= limit
            else {
                throw LabellingFailure.malformed(
                    "inputs[0].shape announces too few or too many elements; expected 1 to \(limit).")
            }
            size *= count
        }
        return size
    }

    /// The strings of arrays nested to any depth, in row-major order.
    private static func elements(of data: JSONValue?) throws(LabellingFailure) -> [String] {
        switch data {
        case .string(let text)?: return [text]
        case .array(let values)?:
            var all: [String] = []
            for value in values { all += try elements(of: value) }
            return all
        case let other:
            throw LabellingFailure.malformed("inputs[0].data holds \(other?.kind ?? "nothing"); expected strings.")
        }
    }

    /// The strings of binary data: each has its length in four bytes, little-endian, before its UTF-8 bytes.
    private static func elements(ofBinary data: ArraySlice<UInt8>, count: Int) throws(LabellingFailure) -> [String] {
        guard data.count == count else {
            throw LabellingFailure.malformed(
                "inputs[0].parameters.binary_data_size is \(count), but \(data.count) bytes follow the JSON. Correct inference-header-content-length or binary_data_size."
            )
        }
        var rest = data
        var elements: [String] = []
        while !rest.isEmpty {
            let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 4 + length else {
                throw LabellingFailure.malformed(
                    "inputs[0]: element \(elements.count) is longer than the remaining data. Correct the 4-byte length before its text."
                )
            }
            guard let text = String(validating: rest.dropFirst(4).prefix(length), as: UTF8.self) else {
                throw LabellingFailure.malformed(
                    "inputs[0]: element \(elements.count) is not UTF-8; encode the text in UTF-8.")
            }
            elements.append(text)
            rest = rest.dropFirst(4 + length)
        }
        return elements
    }

    private static func required<Value>(_ value: Value?, _ name: String) throws(LabellingFailure) -> Value {
        guard let value else { throw LabellingFailure.malformed("\(name) is missing.") }
        return value
    }

    private static func string(_ value: JSONValue?, _ name: String) throws(LabellingFailure) -> String? {
        switch value {
        case nil, .null?: nil
        case .string(let text)?: text
        case let other?: throw LabellingFailure.malformed("\(name) is \(other.kind); expected a string.")
        }
    }

    private static func bool(_ value: JSONValue?, _ name: String) throws(LabellingFailure) -> Bool? {
        switch value {
        case nil, .null?: nil
        case .bool(let flag)?: flag
        case let other?: throw LabellingFailure.malformed("\(name) is \(other.kind); expected true or false.")
        }
    }

    private static func integer(_ value: JSONValue?, _ name: String) throws(LabellingFailure) -> Int? {
        guard let value else { return nil }
        guard case .number(let number) = value, let integer = Int(exactly: number) else {
            throw LabellingFailure.malformed("\(name): expected a whole number, found another value.")
        }
        return integer
    }

    private static func object(_ value: JSONValue?, _ name: String) throws(LabellingFailure) -> [JSONKey: JSONValue] {
        switch value {
        case nil, .null?: [:]
        case .object(let members)?: members
        case let other?: throw LabellingFailure.malformed("\(name) is \(other.kind); expected an object.")
        }
    }
}
