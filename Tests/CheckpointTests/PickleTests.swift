import Checkpoint
import Testing

@Suite struct PickleTests {
    private static func open(_ pickle: [UInt8], storage: Int = 16) throws -> TensorStore {
        let directory = try TemporaryDirectory()
        let archive = ZipBytes.torch(pickle: pickle, storage: (0..<storage).map { UInt8(truncatingIfNeeded: $0) })
        return try TensorStore(path: directory.write(archive.bytes, to: "x.bin"))
    }

    struct Row: CustomTestStringConvertible {
        var about: String
        var pickle: [UInt8]
        var mentions: [String]
        var testDescription: String { about }
    }

    static let rows: [Row] = [
        Row(about: "no bytes", pickle: [], mentions: ["incomplete"]),
        Row(about: "no STOP", pickle: [0x80, 2, 0x7D], mentions: ["incomplete"]),
        Row(about: "protocol 6", pickle: [0x80, 6, 0x7D, 0x2E], mentions: ["protocol 2 to 5, found 6"]),
        Row(
            about: "os.system",
            pickle: PickleBytes.of { pickle in
                pickle.global("os", "system")
                pickle.string("true")
                pickle.op([0x85])
                pickle.op("R")
            }, mentions: ["\"os.system\"", "at byte 42", "nothing was executed"]),
        Row(
            about: "a global of the stack",
            pickle: PickleBytes.of { pickle in
                pickle.string("builtins")
                pickle.string("eval")
                pickle.op([0x93])
            }, mentions: ["\"builtins.eval\""]),
        Row(
            about: "a storage type that does not exist",
            pickle: PickleBytes.of { $0.global("torch", "QInt8Storage") }, mentions: ["\"torch.QInt8Storage\""]),
        Row(
            about: "a name without a line end",
            pickle: [0x80, 2] + Array("c".utf8) + [UInt8](repeating: 0x61, count: 5000),
            mentions: ["at most 1000 bytes"]),
        Row(
            about: "the opcode INST", pickle: PickleBytes.of { $0.op("(ios\nsystem\n") },
            mentions: ["INST (0x69)", "at byte 43"]),
        Row(about: "the opcode NEWOBJ", pickle: PickleBytes.of { $0.op([0x81]) }, mentions: ["NEWOBJ (0x81)"]),
        Row(about: "the opcode EXT1", pickle: PickleBytes.of { $0.op([0x82, 1]) }, mentions: ["EXT1 (0x82)"]),
        Row(about: "an unknown opcode", pickle: PickleBytes.of { $0.op([0xFF]) }, mentions: ["0xff"]),
        Row(about: "STOP on an empty stack", pickle: PickleBytes.of { _ in }, mentions: ["stack is empty"]),
        Row(
            about: "TUPLE3 with two values", pickle: PickleBytes.of { $0.op([0x4E, 0x4E, 0x87]) },
            mentions: ["fewer than 3"]),
        Row(
            about: "TUPLE2 across a mark", pickle: PickleBytes.of { $0.op([0x4E, 0x4E, 0x28, 0x4E, 0x86]) },
            mentions: ["fewer than 2"]),
        Row(about: "TUPLE without a mark", pickle: PickleBytes.of { $0.op("NNt") }, mentions: ["no mark"]),
        Row(about: "SETITEMS with three values", pickle: PickleBytes.of { $0.op("}(NNNu") }, mentions: ["no value"]),
        Row(
            about: "SETITEM on a list", pickle: PickleBytes.of { $0.op("]NNs") },
            mentions: ["expected a dictionary, found a list"]),
        Row(
            about: "APPEND to a dictionary", pickle: PickleBytes.of { $0.op("}Na") },
            mentions: ["expected a list, found a dictionary"]),
        Row(about: "BUILD of None", pickle: PickleBytes.of { $0.op("NNb") }, mentions: ["attributes"]),
        Row(about: "REDUCE without a global", pickle: PickleBytes.of { $0.op("N)R") }, mentions: ["expected a global"]),
        Row(
            about: "a call of a storage type",
            pickle: PickleBytes.of { pickle in
                pickle.global("torch", "FloatStorage")
                pickle.op(")R")
            }, mentions: ["torch.FloatStorage is a type"]),
        Row(
            about: "a value that is not in the memo", pickle: PickleBytes.of { $0.op([0x68, 9]) },
            mentions: ["no value 9"]),
        Row(
            about: "a memo position of 2^32 - 1",
            pickle: PickleBytes.of { $0.op([0x4E, 0x72, 0xFF, 0xFF, 0xFF, 0xFF]) },
            mentions: ["expected a dictionary of tensors"]),
        Row(
            about: "a huge LONG", pickle: PickleBytes.of { $0.op([0x8B, 0xFF, 0xFF, 0xFF, 0x7F]) },
            mentions: ["LONG4 (0x8b)"]),
        Row(about: "a LONG of 255 bytes", pickle: PickleBytes.of { $0.op([0x8A, 0xFF]) }, mentions: ["incomplete"]),
        Row(
            about: "a string of 2^64 - 1 bytes",
            pickle: PickleBytes.of { $0.op([0x8D] + [UInt8](repeating: 0xFF, count: 8)) }, mentions: ["incomplete"]),
        Row(
            about: "a string that is not UTF-8", pickle: PickleBytes.of { $0.op([0x8C, 1, 0xFF]) }, mentions: ["UTF-8"]),
        Row(
            about: "a list that contains itself",
            pickle: PickleBytes.of { $0.op([0x5D, 0x71, 0, 0x68, 0, 0x61]) }, mentions: ["found a list"]),
        Row(
            about: "a dictionary that contains itself",
            pickle: PickleBytes.of { $0.op([0x7D, 0x71, 0, 0x4E, 0x68, 0, 0x73]) }, mentions: ["found the keys None"]),
        Row(
            about: "a state dictionary within itself",
            pickle: PickleBytes.of { pickle in
                pickle.op([0x7D, 0x71, 0])
                pickle.string("state_dict")
                pickle.op([0x68, 0, 0x73])
            }, mentions: ["found the keys \"state_dict\""]),
        Row(
            about: "tuples nested 900,000 levels deep",
            pickle: PickleBytes.of { $0.op([0x29] + [UInt8](repeating: 0x85, count: 900_000)) },
            mentions: ["found a tuple"]),
        Row(
            about: "a tuple doubled a thousand times",
            pickle: PickleBytes.of { pickle in
                pickle.op([0x29])
                for _ in 0..<1000 { pickle.op([0x71, 0, 0x68, 0, 0x86]) }
            }, mentions: ["found a tuple"]),
        Row(
            about: "five million opcodes", pickle: PickleBytes.of { $0.op([UInt8](repeating: 0x4E, count: 5_000_000)) },
            mentions: ["at most 1000000"]),
        Row(
            about: "a long list made into a dictionary again and again",
            pickle: PickleBytes.of { pickle in
                pickle.op("](")
                for _ in 0..<10_000 { pickle.op([0x4E, 0x4E, 0x86]) }
                pickle.op("e")
                pickle.op([0x71, 0])
                pickle.global("collections", "OrderedDict")
                pickle.op([0x71, 1])
                for _ in 0..<10_000 { pickle.op([0x68, 1, 0x68, 0, 0x85, 0x52]) }
            }, mentions: ["at most 1000000"]),
        Row(
            about: "a shape of a thousand dimensions",
            pickle: PickleBytes.oneTensor(
                shape: [Int](repeating: 1, count: 1000), strides: [Int](repeating: 1, count: 1000)),
            mentions: ["at most 64 dimensions"]),
        Row(
            about: "more strides than dimensions", pickle: PickleBytes.oneTensor(shape: [4], strides: [1, 1]),
            mentions: ["found 1 dimensions, but 2 strides"]),
        Row(
            about: "a negative stride", pickle: PickleBytes.oneTensor(shape: [4], strides: [-1]),
            mentions: ["tensor \"w\"", "beyond"]),
        Row(
            about: "a negative offset", pickle: PickleBytes.oneTensor(offset: -1), mentions: ["tensor \"w\"", "beyond"]),
        Row(
            about: "a negative dimension", pickle: PickleBytes.oneTensor(shape: [-4]),
            mentions: ["tensor \"w\"", "beyond"]),
        Row(
            about: "an offset beyond the storage", pickle: PickleBytes.oneTensor(offset: 1),
            mentions: ["tensor \"w\"", "offset 1", "4 elements"]),
        Row(
            about: "an offset of 2^63 - 1", pickle: PickleBytes.oneTensor(offset: .max),
            mentions: ["tensor \"w\"", "beyond"]),
        Row(
            about: "strides that overflow", pickle: PickleBytes.oneTensor(shape: [4, 4], strides: [.max, .max]),
            mentions: ["tensor \"w\"", "beyond"]),
        Row(
            about: "a shape that overflows",
            pickle: PickleBytes.oneTensor(shape: [1 << 40, 1 << 40], strides: [0, 0]),
            mentions: ["tensor \"w\"", "beyond"]),
        Row(
            about: "16 bytes repeated to 16 TB", pickle: PickleBytes.oneTensor(shape: [1 << 40, 4], strides: [0, 1]),
            mentions: ["tensor \"w\"", "expand a small storage"]),
        Row(
            about: "a storage of negative size", pickle: PickleBytes.oneTensor(count: -4),
            mentions: ["another persistent id"]),
        Row(
            about: "a storage of 2^62 elements", pickle: PickleBytes.oneTensor(count: 1 << 62),
            mentions: ["tensor \"w\"", "found 16 bytes"]),
        Row(
            about: "a storage of a different size", pickle: PickleBytes.oneTensor(count: 5),
            mentions: ["tensor \"w\"", "5 × F32", "found 16 bytes"]),
        Row(
            about: "one storage of two types",
            pickle: PickleBytes.of { pickle in
                pickle.op("}(")
                pickle.string("a")
                pickle.tensor(count: 4, shape: [4], strides: [1])
                pickle.string("b")
                pickle.tensor(storage: "IntStorage", count: 4, shape: [4], strides: [1])
                pickle.op("u")
            }, mentions: ["tensor \"b\"", "4 × I32 here, but 4 × F32"]),
        Row(
            about: "a missing storage",
            pickle: PickleBytes.of { pickle in
                pickle.op("}")
                pickle.string("a")
                pickle.tensor(key: "7", count: 4, shape: [4], strides: [1])
                pickle.op("s")
            }, mentions: ["tensor \"a\"", "no record \"a/data/7\""]),
        Row(
            about: "a tensor whose key is not a string",
            pickle: PickleBytes.of { pickle in
                pickle.op("}N")
                pickle.tensor(count: 4, shape: [4], strides: [1])
                pickle.op("s")
            }, mentions: ["under None"]),
        Row(
            about: "a duplicate name",
            pickle: PickleBytes.of { pickle in
                pickle.op("}(")
                for _ in 0..<2 {
                    pickle.string("a")
                    pickle.tensor(count: 4, shape: [4], strides: [1])
                }
                pickle.op("u")
            }, mentions: ["tensor \"a\"", "more than once"]),
    ]

    @Test("A hostile pickle is refused, and the error names the problem and its position", arguments: rows)
    func hostile(row: Row) throws {
        let error = try #require(throws: CheckpointError.self) { try Self.open(row.pickle) }
        for text in row.mentions { #expect(error.description.contains(text), "\(error)") }
    }

    @Test("A tensor is read according to its offset and strides")
    func strides() throws {
        let store = try Self.open(
            PickleBytes.oneTensor(storage: "ByteStorage", count: 16, offset: 1, shape: [2, 3], strides: [1, 4]))
        #expect(store["w"]?.copiedBytes == [1, 5, 9, 2, 6, 10])
    }

    @Test("Strings, dictionaries and tensors written by Python 2 are read")
    func python2() throws {
        let pickle = PickleBytes.of { pickle in
            pickle.global("collections", "OrderedDict")
            pickle.op("(](](")
            pickle.op([0x55, 1, 0x77])
            pickle.tensor(count: 4, shape: [4], strides: [1])
            pickle.op("eetR")
        }
        #expect(try Self.open(pickle).names == ["w"])
    }

    @Test("A view of a storage, as in files before PyTorch 0.4, starts at its offset")
    func views() throws {
        let object = PickleBytes.of { pickle in
            pickle.op("}")
            pickle.string("w")
            pickle.tensor(count: 4, offset: 1, shape: [2], strides: [1], view: (1, 3))
            pickle.op("s")
        }
        let directory = try TemporaryDirectory()
        let path = try directory.write(LegacyBytes.file(object: object, values: [0, 0, 1, 2]), to: "x")
        #expect(try TensorStore(path: path)["w"]?.copiedBytes == [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])
    }
}
