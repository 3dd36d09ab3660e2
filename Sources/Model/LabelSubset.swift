/// A subset of at most 64 labels: those that a sentence may take.
public struct LabelSubset: Sendable, Equatable {
    /// Most labels that a subset can represent.
    public static let capacity = 64
    /// The subset of all labels.
    public static let all = LabelSubset(bits: .max)

    private var bits: UInt64

    private init(bits: UInt64) {
        self.bits = bits
    }

    /// Creates a subset of the given labels.
    ///
    /// - Parameter labels: Label indices; those outside 0 ..< ``capacity`` are ignored.
    public init(_ labels: some Sequence<Int>) {
        bits = labels.reduce(0) { $1 >= 0 && $1 < Self.capacity ? $0 | 1 << UInt64($1) : $0 }
    }

    /// Whether the subset excludes no label.
    public var isAll: Bool { bits == .max }

    /// Returns whether the two subsets have a label in common.
    public func intersects(_ other: LabelSubset) -> Bool { bits & other.bits != 0 }

    /// Returns whether the subset contains `label`, an index from 0 to ``capacity`` - 1.
    public func contains(_ label: Int) -> Bool {
        bits & (1 << UInt64(label)) != 0
    }
}
