/// A value in a pickle.
///
/// Containers are indices into a `PickleHeap`. Values can therefore contain themselves, or be nested a million levels
/// deep, without reference cycles and without recursion when they are freed.
enum PickleValue {
    case none
    case bool(Bool)
    case int(Int)
    /// An integer of more than 64 bits, as little-endian two's complement.
    case wideInteger([UInt8])
    case float(Double)
    case string(String)
    case global(PickleGlobal)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case storage(Int)
    case tensor(Int)

    /// The type of the value in words, for messages.
    var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a bool"
        case .int, .wideInteger: "an int"
        case .float: "a float"
        case .string: "a string"
        case .global(let global): "the global \(global)"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dictionary"
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// The containers, storages and tensors of one or more pickles.
struct PickleHeap {
    var tuples: [[PickleValue]] = []
    var lists: [[PickleValue]] = []
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [PickledStorage] = []
    var tensors: [PickledTensor] = []
}

/// A reference to the memory of one or more tensors.
struct PickledStorage {
    /// The name of the record that contains the bytes.
    var key: String
    var elementType: ElementType
    /// The number of elements in the record.
    var count: Int
    /// The part of the record that belongs to this storage, in elements. It is the whole record, except in the oldest
    /// files.
    var view: Range<Int>
    /// The position of this storage's opcode in the file, for messages.
    var position: Int
}

/// A tensor described by the arguments of `torch._utils._rebuild_tensor_v2`.
struct PickledTensor {
    /// The index of the storage in the heap.
    var storage: Int
    var layout: StridedLayout
}
