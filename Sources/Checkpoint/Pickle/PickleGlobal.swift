/// The only names a pickle may mention.
///
/// None of them is ever called: each is a word this reader understands.
enum PickleGlobal: Hashable, CustomStringConvertible {
    /// `collections.OrderedDict`
    case orderedDictionary
    /// `torch._utils._rebuild_tensor_v2`, and `_rebuild_tensor` before it
    case rebuildTensor
    /// `torch._utils._rebuild_parameter`
    case rebuildParameter
    /// `torch.FloatStorage` and so on
    case storage(ElementType)

    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", _), ("torch.cuda", _):
            guard let type = Self.storages.first(where: { $0.name == name })?.type else { return nil }
            self = .storage(type)
        default: return nil
        }
    }

    private static let storages: [(name: String, type: ElementType)] = [
        ("FloatStorage", .f32), ("HalfStorage", .f16), ("BFloat16Storage", .bf16), ("DoubleStorage", .f64),
        ("LongStorage", .i64), ("IntStorage", .i32), ("ShortStorage", .i16), ("CharStorage", .i8),
        ("ByteStorage", .u8), ("BoolStorage", .bool),
    ]

    var description: String {
        switch self {
        case .orderedDictionary: "collections.OrderedDict"
        case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
        case .rebuildParameter: "torch._utils._rebuild_parameter"
        case .storage(let type): "torch." + (Self.storages.first { $0.type == type }?.name ?? "\(type) storage")
        }
    }
}
