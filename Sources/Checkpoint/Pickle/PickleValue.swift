/// A value of a pickle.
///
/// Containers are indices into a `PickleHeap`: values may contain themselves or nest a million deep without a reference
/// cycle, and without a recursion to free them.
enum PickleValue {
    case none
    case bool(Bool)
    case int(Int)
    /// An integer beyond 64 bits, as its little-endian two's complement.
    case wideInteger([UInt8])
    case float(Double)
    case string(String)
    case global(PickleGlobal)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case storage(Int)
    case tensor(Int)

    /// The kind of value, for messages.
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
    /// The name of the record that holds the bytes.
    var key: String
    var elementType: ElementType
    /// The number of elements of the record.
    var count: Int
    /// The part of the record this storage sees, in elements; the whole of it except in files of the oldest kind.
    var view: Range<Int>
    /// Where the pickle says so.
    var position: Int
}

/// A tensor as `torch._utils._rebuild_tensor_v2` is told to make it.
struct PickledTensor {
    /// An index into the heap's storages.
    var storage: Int
    var layout: StridedLayout
}
