/// A run parameter or a tag.
public struct KeyValue: Sendable, Equatable, Hashable {
    /// Name.
    public var key: String
    /// Value.
    public var value: String

    /// Creates a parameter or tag.
    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}
