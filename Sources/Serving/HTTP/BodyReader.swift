import Hummingbird
internal import Logging

/// Reads whole bodies within the limits of one body and of all bodies together.
struct BodyReader: Sendable {
    /// The limits of one request.
    let limits: RequestLimits
    /// The memory of all bodies together.
    let bodies: HeldBodies
    /// Whether the log records what clients send.
    let logsTexts: Bool

    /// Reads a request's body and decompresses it.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - share: Accounts for the body until the request has been answered.
    /// - Returns: The body's bytes.
    /// - Throws: ``Problem`` 415 for an unknown `Content-Encoding`, and what ``RequestContent/whole(atMost:in:)``
    ///   throws.
    func whole(of request: Request, in share: HeldBodies.Share) async throws -> [UInt8] {
        try await RequestContent(request, ContentCoding(of: request)).whole(atMost: limits.bodyBytes, in: share)
    }

    /// Writes what a client sent to the log, if the operator asked for that.
    func log(_ body: [UInt8], _ context: ServiceContext) {
        guard logsTexts else { return }
        context.logger.info("content", metadata: ["body": "\(String(decoding: body, as: UTF8.self))"])
    }
}
