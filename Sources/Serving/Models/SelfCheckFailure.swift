/// A batch came out wrong.
struct SelfCheckFailure: Error {
    let reason: String
}
