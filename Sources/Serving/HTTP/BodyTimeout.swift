internal import NIOCore

/// A request's body did not arrive within the body timeout.
struct BodyTimeout: Error {
    /// The body timeout.
    let time: TimeAmount
}
