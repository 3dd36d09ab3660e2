/// A writer of pickles, opcode by opcode.
struct PickleBytes {
    var bytes: [UInt8] = [0x80, 2]

    /// Returns a pickle with the given opcodes, from PROTO to STOP.
    static func of(_ build: (inout PickleBytes) -> Void) -> [UInt8] {
        var pickle = PickleBytes()
        build(&pickle)
        return pickle.bytes + Array(".".utf8)
    }

    /// Appends opcodes without arguments, or any other bytes.
    mutating func op(_ text: String) { bytes += Array(text.utf8) }
    mutating func op(_ raw: [UInt8]) { bytes += raw }
    mutating func global(_ module: String, _ name: String) { op("c\(module)\n\(name)\n") }

    mutating func string(_ text: String) {
        op("X")
        little(UInt32(text.utf8.count))
        op(text)
    }

    mutating func int(_ value: Int) {
        op([0x8A, 8])
        little(UInt64(bitPattern: Int64(value)))
    }

    mutating func little<Integer: FixedWidthInteger>(_ value: Integer) {
        for shift in stride(from: 0, to: Integer.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func ints(_ values: [Int]) {
        op("(")
        for value in values { int(value) }
        op("t")
    }

    /// Appends a tensor that refers to the record `key`. `view` adds a view, as in files before PyTorch 0.4.
    mutating func tensor(
        key: String = "0", storage: String = "FloatStorage", count: Int, offset: Int = 0, shape: [Int], strides: [Int],
        view: (start: Int, count: Int)? = nil
    ) {
        global("torch._utils", "_rebuild_tensor_v2")
        op("((")
        string("storage")
        global("torch", storage)
        string(key)
        string("cpu")
        int(count)
        if let view {
            op("(")
            string("view of \(key)")
            int(view.start)
            int(view.count)
            op("t")
        }
        op("tQ")
        int(offset)
        ints(shape)
        ints(strides)
        op([0x89])
        global("collections", "OrderedDict")
        op(")RtR")
    }

    /// Returns the pickle of a dictionary with one tensor named "w".
    static func oneTensor(
        storage: String = "FloatStorage", count: Int = 4, offset: Int = 0, shape: [Int] = [4], strides: [Int] = [1]
    ) -> [UInt8] {
        of { pickle in
            pickle.op("}")
            pickle.string("w")
            pickle.tensor(storage: storage, count: count, offset: offset, shape: shape, strides: strides)
            pickle.op("s")
        }
    }
}

/// Files in PyTorch's legacy format that are made without PyTorch.
enum LegacyBytes {
    static let magic: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    static let version: [UInt8] = [0x80, 2, 0x4D, 0xE9, 0x03, 0x2E]

    /// Returns a file with `object` and, under the storage key "0", `values`.
    static func file(object: [UInt8], littleEndian: Bool = true, keys: [String] = ["0"], values: [Float]) -> [UInt8] {
        let system = PickleBytes.of { pickle in
            pickle.op("}")
            pickle.string("little_endian")
            pickle.op([littleEndian ? 0x88 : 0x89])
            pickle.op("s")
        }
        let list = PickleBytes.of { pickle in
            pickle.op("](")
            for key in keys { pickle.string(key) }
            pickle.op("e")
        }
        var data = PickleBytes(bytes: [])
        data.little(Int64(values.count))
        for value in values { data.little(value.bitPattern) }
        return magic + version + system + object + list + data.bytes
    }
}
