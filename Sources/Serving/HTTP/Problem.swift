internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import NIOCore

/// A failure as a problem document (RFC 9457).
struct Problem: Error, Equatable, Sendable {
    /// The kind of failure.
    let code: ProblemCode
    /// The HTTP status of the answer.
    let status: HTTPResponse.Status
    /// The sentence for the client: what is wrong, where, what was expected and what to do.
    let detail: String
    /// Further header fields, such as `Retry-After`.
    let headers: HTTPFields

    /// Creates a problem; without `status`, with the status of its code.
    init(_ code: ProblemCode, _ detail: String, status: HTTPResponse.Status? = nil, headers: HTTPFields = [:]) {
        self.code = code
        self.status = status ?? code.status
        self.detail = detail
        self.headers = headers
    }

    /// Writes the document.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("type", code.type)
            json.member("title", code.title)
            json.member("status", status.code)
            json.member("code", code.rawValue)
            json.member("detail", detail)
        }
    }
}

extension Problem: HTTPResponseError {
    /// The document as an answer.
    func response(from request: Request, context: some RequestContext) -> Response {
        let (content, mediaType) = document(for: request)
        var response = Response(content: content, mediaType, status: status)
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension Problem {
    /// The document in the format of the request's path: the Open Inference Protocol has a format of its own.
    private func document(for request: Request) -> (content: [UInt8], mediaType: String) {
        var json = JSONWriter()
        let path = request.uri.path
        guard path == "/v2" || path.hasPrefix("/v2/") else {
            write(to: &json)
            return (json.bytes, "application/problem+json")
        }
        json.object { $0.member("error", detail) }
        return (json.bytes, "application/json")
    }

    /// An answer that is sent before the body has been read. The rest of the body is then read and dropped: closing the
    /// connection earlier would lose the answer for a client that is still sending.
    func response(to request: Request, discarding body: RequestBody) -> Response {
        let (content, mediaType) = document(for: request)
        let document = ByteBuffer(bytes: content)
        var headers = headers
        headers[.contentType] = mediaType
        return Response(
            status: status, headers: headers,
            body: ResponseBody(contentLength: document.readableBytes) { writer in
                try await writer.write(document)
                try await writer.finish(nil)
                for try await _ in body {}
            })
    }
}

extension Response {
    /// Creates an answer with one JSON document.
    init(
        json mediaType: String = "application/json", status: HTTPResponse.Status = .ok,
        _ write: (inout JSONWriter) -> Void
    ) {
        var json = JSONWriter()
        write(&json)
        self.init(content: json.bytes, mediaType, status: status)
    }

    /// Creates an answer with these bytes.
    init(content: [UInt8], _ mediaType: String = "application/json", status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: mediaType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: content)))
    }
}
