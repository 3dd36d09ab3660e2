/// The only global names that a pickle may contain.
///
/// None of them is ever called. The reader implements their effect itself.
enum PickleGlobal: Hashable, CustomStringConvertible {
    /// `collections.OrderedDict`.
    case orderedDictionary
    /// `torch._utils._rebuild_tensor_v2`, and its predecessor `_rebuild_tensor`.
    case rebuildTensor
    /// `torch._utils._rebuild_parameter`.
    case rebuildParameter
    /// A storage type, such as `torch.FloatStorage`.
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
