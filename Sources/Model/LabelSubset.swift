/// Which of at most 64 labels a sentence may take.
public struct LabelSubset: Sendable, Equatable {
    /// The most labels a subset can speak of.
    public static let capacity = 64
    /// Every label.
    public static let all = LabelSubset(bits: .max)

    private var bits: UInt64

    private init(bits: UInt64) {
        self.bits = bits
    }

    /// The given labels.
    ///
    /// - Parameter labels: Indices below ``capacity``; others are left out.
    public init(_ labels: some Sequence<Int>) {
        bits = labels.reduce(0) { $1 >= 0 && $1 < Self.capacity ? $0 | 1 << UInt64($1) : $0 }
    }

    /// Whether every label is allowed, so that the subset excludes nothing.
    public var isAll: Bool { bits == .max }

    /// Whether both subsets have a label in common.
    public func intersects(_ other: LabelSubset) -> Bool { bits & other.bits != 0 }

    /// Whether `label` is one of them.
    public func contains(_ label: Int) -> Bool {
        bits & (1 << UInt64(label)) != 0
    }
}
