/// A route whose requests are counted by status. The labels of every series are known at the start, so their number is
/// bounded.
struct MeasuredRoute: Hashable, Sendable {
    /// The path as the router writes it, with parameters in braces.
    let path: String
    /// The HTTP method.
    let method: String
    /// Every status that the route documents.
    let statuses: Set<Int>
}
