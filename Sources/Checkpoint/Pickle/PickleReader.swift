/// An interpreter for the part of [pickle](https://docs.python.org/3/library/pickle.html) that a state dictionary
/// needs.
///
/// The reader executes no code. It refuses every opcode and global that `torch.save` does not write, with its name and
/// position. Memory and time are linear in the size of the pickle, which `byteLimit` and `stepLimit` bound.
struct PickleReader {
    /// The longest pickle that is read, in bytes.
    ///
    /// The pickle of a model with 100,000 tensors has about 20 million bytes.
    static let byteLimit = 1 << 26
    /// The maximum number of opcodes and copied values in all pickles of a file.
    ///
    /// One tensor takes about 30.
    static let stepLimit = 1_000_000

    private let bytes: [UInt8]
    /// The position of the first of `bytes` in the file, for messages.
    private let origin: Int
    private(set) var position = 0
    /// Whether the bytes ended inside a pickle.
    private(set) var ranOut = false
    private(set) var heap = PickleHeap()

    private var stack: [PickleValue] = []
    /// The height of the stack at each open mark.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var steps = 0
    /// The position of the opcode that is being read.
    private var opcodePosition = 0

    init(_ bytes: [UInt8], origin: Int) {
        self.bytes = bytes
        self.origin = origin
    }

    /// Reads the next pickle up to its STOP opcode and returns its value.
    mutating func next() throws(CheckpointProblem) -> PickleValue {
        stack.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
        memo.removeAll(keepingCapacity: true)
        while true {
            opcodePosition = position
            try spend(1)
            let byte = bytes[try take(1).lowerBound]
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw problem(
                    "unexpected pickle opcode \(PickleOpcode.describe(byte)): torch.save does not write it for tensors")
            }
            if opcode == .stop { return try pop() }
            try execute(opcode)
        }
    }

    /// Returns a problem at the opcode that is being read.
    func problem(_ message: String) -> CheckpointProblem {
        CheckpointProblem(message, position: origin + opcodePosition)
    }

    // MARK: - Opcodes

    private mutating func execute(_ opcode: PickleOpcode) throws(CheckpointProblem) {
        switch opcode {
        case .stop: break
        case .proto:
            let version = bytes[try take(1).lowerBound]
            guard (2...5).contains(version) else {
                throw problem("expected a pickle of protocol 2 to 5, found \(version)")
            }
        case .frame: _ = try take(8)
        case .mark: marks.append(stack.count)
        case .none: stack.append(.none)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .binInt: stack.append(.int(Int(try integer(Int32.self))))
        case .binInt1: stack.append(.int(Int(try integer(UInt8.self))))
        case .binInt2: stack.append(.int(Int(try integer(UInt16.self))))
        case .long1: stack.append(try long())
        case .binFloat: stack.append(.float(Double(bitPattern: try integer(UInt64.self).byteSwapped)))
        case .binUnicode, .binString: try pushString(count: UInt64(integer(UInt32.self)))
        case .shortBinUnicode, .shortBinString: try pushString(count: UInt64(integer(UInt8.self)))
        case .binUnicode8: try pushString(count: integer(UInt64.self))
        case .emptyTuple: pushTuple([])
        case .tuple1: pushTuple(try pop(1))
        case .tuple2: pushTuple(try pop(2))
        case .tuple3: pushTuple(try pop(3))
        case .tuple: pushTuple(try popToMark())
        case .emptyList:
            heap.lists.append([])
            stack.append(.list(heap.lists.count - 1))
        case .append: try appendToList(pop(1))
        case .appends: try appendToList(popToMark())
        case .emptyDictionary: pushDictionary([])
        case .setItem: try setItems(pop(2))
        case .setItems: try setItems(popToMark())
        case .binPut: memo[Int(try integer(UInt8.self))] = try top()
        case .longBinPut: memo[Int(try integer(UInt32.self))] = try top()
        case .memoize: memo[memo.count] = try top()
        case .binGet: try get(Int(integer(UInt8.self)))
        case .longBinGet: try get(Int(integer(UInt32.self)))
        case .global: try pushGlobal(module: line(), name: line())
        case .stackGlobal:
            let names = try pop(2)
            guard case .string(let module) = names[0], case .string(let name) = names[1] else {
                throw problem("expected the module and the name of a global as strings")
            }
            try pushGlobal(module: module, name: name)
        case .binPersistentID: try pushStorage(try pop())
        case .reduce: try reduce()
        case .build:
            // The state of an OrderedDict is its attributes. PyTorch uses only `_metadata`, the versions of modules.
            _ = try pop()
            guard case .dictionary = try top() else {
                throw problem("expected attributes of a dictionary, found attributes of \(try top().kind)")
            }
        }
    }

    private mutating func get(_ index: Int) throws(CheckpointProblem) {
        guard let value = memo[index] else { throw problem("the memo has no value \(index)") }
        stack.append(value)
    }

    private mutating func appendToList(_ values: [PickleValue]) throws(CheckpointProblem) {
        guard case .list(let list) = try top() else { throw problem("expected a list, found \(try top().kind)") }
        heap.lists[list].append(contentsOf: values)
    }

    private mutating func setItems(_ values: [PickleValue]) throws(CheckpointProblem) {
        guard case .dictionary(let dictionary) = try top() else {
            throw problem("expected a dictionary, found \(try top().kind)")
        }
        guard values.count.isMultiple(of: 2) else { throw problem("a key has no value") }
        for index in stride(from: 0, to: values.count, by: 2) {
            heap.dictionaries[dictionary].append((values[index], values[index + 1]))
        }
    }

    private mutating func pushGlobal(module: String, name: String) throws(CheckpointProblem) {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw problem(
                "the pickle refers to \(quoted("\(module).\(name)")), which does not occur in a state dictionary; "
                    + "nothing was executed. Save only the model's state_dict()")
        }
        stack.append(.global(global))
    }

    /// Executes REDUCE: applies a global to a tuple of arguments.
    private mutating func reduce() throws(CheckpointProblem) {
        let callee = try pop(2)
        guard case .global(let global) = callee[0], case .tuple(let tuple) = callee[1] else {
            throw problem("expected a global and a tuple of arguments, found \(callee[0].kind) and \(callee[1].kind)")
        }
        let arguments = heap.tuples[tuple]
        switch global {
        case .orderedDictionary: try pushOrderedDictionary(arguments)
        case .rebuildTensor: try pushTensor(arguments)
        case .rebuildParameter:
            guard case .tensor? = arguments.first else { throw problem("expected a tensor for a parameter") }
            stack.append(arguments[0])
        case .storage: throw problem("\(global) is a type and cannot be called")
        }
    }

    /// Pushes `OrderedDict()` or, as Python 2 wrote it, `OrderedDict([[key, value], …])`.
    private mutating func pushOrderedDictionary(_ arguments: [PickleValue]) throws(CheckpointProblem) {
        var items: [(PickleValue, PickleValue)] = []
        if let first = arguments.first {
            guard arguments.count == 1, case .list(let list) = first else {
                throw problem("expected an OrderedDict made from a list of pairs")
            }
            try spend(heap.lists[list].count)
            for pair in heap.lists[list] {
                let values: [PickleValue]
                switch pair {
                case .list(let index): values = heap.lists[index]
                case .tuple(let index): values = heap.tuples[index]
                default: values = []
                }
                guard values.count == 2 else { throw problem("expected a pair of key and value, found \(pair.kind)") }
                items.append((values[0], values[1]))
            }
        }
        pushDictionary(items)
    }

    // MARK: - Tensors

    /// Pushes the storage described by `('storage', type, key, location, count[, view])`.
    private mutating func pushStorage(_ identifier: PickleValue) throws(CheckpointProblem) {
        guard case .tuple(let tuple) = identifier else {
            throw problem("expected a tuple that names a storage, found \(identifier.kind)")
        }
        let parts = heap.tuples[tuple]
        guard parts.count == 5 || parts.count == 6, case .string("storage") = parts[0],
            case .global(.storage(let type)) = parts[1], case .string(let key) = parts[2], case .string = parts[3],
            case .int(let count) = parts[4], count >= 0
        else { throw problem("expected ('storage', type, key, location, count), found another persistent id") }
        var view = 0..<count
        if parts.count == 6, case .tuple(let tuple) = parts[5] {
            // The tuple is (key of the view, index of its first element, number of its elements).
            let numbers = heap.tuples[tuple]
            guard numbers.count == 3, case .int(let start) = numbers[1], case .int(let length) = numbers[2], start >= 0,
                length >= 0, start <= count, length <= count - start
            else { throw problem("expected a view of storage \(quoted(key)) within its \(count) elements") }
            view = start..<start + length
        }
        heap.storages.append(
            PickledStorage(key: key, elementType: type, count: count, view: view, position: origin + opcodePosition))
        stack.append(.storage(heap.storages.count - 1))
    }

    /// Pushes the tensor described by `(storage, offset, shape, strides, requires_grad, backward_hooks)`.
    private mutating func pushTensor(_ arguments: [PickleValue]) throws(CheckpointProblem) {
        // PyTorch adds a seventh argument if the values must be negated or conjugated on reading.
        guard (4...6).contains(arguments.count), case .storage(let storage) = arguments[0],
            case .int(let offset) = arguments[1]
        else {
            throw problem("expected a tensor as (storage, offset, shape, strides, …)")
        }
        let layout = StridedLayout(
            shape: try integers(arguments[2]), strides: try integers(arguments[3]), offset: offset)
        guard layout.shape.count == layout.strides.count else {
            throw problem(
                "expected one stride for each dimension, found \(layout.shape.count) dimensions, but "
                    + "\(layout.strides.count) strides")
        }
        heap.tensors.append(PickledTensor(storage: storage, layout: layout))
        stack.append(.tensor(heap.tensors.count - 1))
    }

    private func integers(_ value: PickleValue) throws(CheckpointProblem) -> [Int] {
        guard case .tuple(let tuple) = value else { throw problem("expected a tuple of ints, found \(value.kind)") }
        // PyTorch tensors have at most 64 dimensions. The limit also prevents a long tuple from being copied a million
        // times.
        guard heap.tuples[tuple].count <= 64 else { throw problem("expected a tensor of at most 64 dimensions") }
        var integers: [Int] = []
        for value in heap.tuples[tuple] {
            guard case .int(let integer) = value else { throw problem("expected an int, found \(value.kind)") }
            integers.append(integer)
        }
        return integers
    }

    // MARK: - Stack

    private mutating func spend(_ count: Int) throws(CheckpointProblem) {
        steps += count
        guard steps <= Self.stepLimit else { throw problem("expected at most \(Self.stepLimit) pickle opcodes") }
    }

    private func top() throws(CheckpointProblem) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.last else {
            throw problem("the pickle's stack is empty")
        }
        return value
    }

    private mutating func pop() throws(CheckpointProblem) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(_ count: Int) throws(CheckpointProblem) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else {
            throw problem("the pickle's stack has fewer than \(count) values")
        }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(CheckpointProblem) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw problem("the pickle's stack has no mark") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private mutating func pushTuple(_ values: [PickleValue]) {
        heap.tuples.append(values)
        stack.append(.tuple(heap.tuples.count - 1))
    }

    private mutating func pushDictionary(_ items: [(PickleValue, PickleValue)]) {
        heap.dictionaries.append(items.map { (key: $0.0, value: $0.1) })
        stack.append(.dictionary(heap.dictionaries.count - 1))
    }

    private mutating func pushString(count: UInt64) throws(CheckpointProblem) {
        let range = try take(Int(clamping: count))
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw problem("expected UTF-8 in this string")
        }
        stack.append(.string(text))
    }

    private mutating func long() throws(CheckpointProblem) -> PickleValue {
        let digits = bytes[try take(Int(integer(UInt8.self)))]
        guard digits.count <= 8 else { return .wideInteger(Array(digits)) }
        var value = digits.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
        for digit in digits.reversed() { value = value << 8 | Int(digit) }
        return .int(value)
    }

    // MARK: - Bytes

    private mutating func take(_ count: Int) throws(CheckpointProblem) -> Range<Int> {
        guard count <= bytes.count - position else {
            ranOut = true
            throw problem("the pickle ends within this opcode: the file is incomplete")
        }
        position += count
        return position - count..<position
    }

    private mutating func integer<Integer: FixedWidthInteger>(_: Integer.Type) throws(CheckpointProblem) -> Integer {
        let range = try take(Integer.bitWidth / 8)
        return bytes.littleEndian(Integer.self, at: range.lowerBound) ?? 0
    }

    private mutating func line() throws(CheckpointProblem) -> String {
        // Names are shorter than this. Without the limit, a missing line end would cause a search through the whole
        // file.
        guard let length = bytes[position...].prefix(1000).firstIndex(of: 0x0A).map({ $0 - position }) else {
            ranOut = bytes.count - position < 1000
            throw problem("expected a global's name of at most 1000 bytes")
        }
        let text = String(validating: bytes[try take(length)], as: UTF8.self)
        _ = try take(1)
        guard let text else { throw problem("expected UTF-8 in the name of a global") }
        return text
    }
}
