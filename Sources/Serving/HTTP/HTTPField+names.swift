internal import HTTPTypes

extension HTTPField.Name {
    /// RFC 5789's twin for POST (Linked Data Platform, §7.1).
    static let acceptPost = constant("Accept-Post")
    /// Triton's binary tensor data: where the JSON ends.
    static let inferenceHeaderContentLength = constant("Inference-Header-Content-Length")
    static let requestID = constant("X-Request-ID")
    static let requestTimeout = constant("X-Request-Timeout")
    /// W3C Trace Context.
    static let traceparent = constant("traceparent")

    private static func constant(_ name: String) -> Self {
        guard let name = Self(name) else { preconditionFailure("\(name) is no field name") }
        return name
    }
}
