internal import HTTPTypes

extension HTTPField.Name {
    /// The media types that POST accepts (Linked Data Platform, §7.1), like `Accept-Patch` of RFC 5789.
    static let acceptPost = constant("Accept-Post")
    /// The length of the JSON before Triton's binary tensor data.
    static let inferenceHeaderContentLength = constant("Inference-Header-Content-Length")
    static let requestID = constant("X-Request-ID")
    static let requestTimeout = constant("X-Request-Timeout")
    /// The position of a request in a distributed trace (W3C Trace Context).
    static let traceparent = constant("traceparent")

    private static func constant(_ name: String) -> Self {
        guard let name = Self(name) else { preconditionFailure("\(name) is not a field name") }
        return name
    }
}
