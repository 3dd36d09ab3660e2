/// A param or a tag.
public struct KeyValue: Sendable, Equatable, Hashable {
    /// Its name.
    public var key: String
    /// What it says.
    public var value: String

    /// A param or a tag.
    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}
