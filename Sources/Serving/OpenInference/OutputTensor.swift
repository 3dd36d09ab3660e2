internal import JSON

/// A tensor in an answer of the Open Inference Protocol, in row-major order.
struct OutputTensor {
    enum Values {
        case bytes([[UInt8]])
        case float32([Float])
        case int32([Int32])
    }

    let name: String
    let shape: [Int]
    let values: Values

    /// The protocol's name for the element type.
    var datatype: String {
        switch values {
        case .bytes: "BYTES"
        case .float32: "FP32"
        case .int32: "INT32"
        }
    }

    /// The elements as binary tensor data: little-endian, with the length of each text in four bytes before it.
    var binary: [UInt8] {
        func littleEndian(_ bits: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) } }
        return switch values {
        case .bytes(let texts): texts.flatMap { littleEndian(UInt32($0.count)) + $0 }
        case .float32(let numbers): numbers.flatMap { littleEndian($0.bitPattern) }
        case .int32(let numbers): numbers.flatMap { littleEndian(UInt32(bitPattern: $0)) }
        }
    }

    /// Writes the tensor as JSON, without its elements if they follow as `binaryCount` bytes of binary data.
    func write(to json: inout JSONWriter, binaryCount: Int?) {
        json.object { json in
            json.member("name", name)
            json.member("datatype", datatype)
            json.key("shape")
            json.array(shape) { $0.integer($1) }
            if let binaryCount {
                json.key("parameters")
                json.object { $0.member("binary_data_size", binaryCount) }
            } else {
                json.key("data")
                switch values {
                case .bytes(let texts): json.array(texts) { $0.string(String(decoding: $1, as: UTF8.self)) }
                case .float32(let numbers): json.array(numbers) { $0.probability(Double($1)) }
                case .int32(let numbers): json.array(numbers) { $0.integer(Int($1)) }
                }
            }
        }
    }
}
