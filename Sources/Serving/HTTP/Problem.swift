internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import NIOCore

/// A failure as a problem document (RFC 9457).
struct Problem: Error, Equatable, Sendable {
    /// The HTTP status.
    let status: HTTPResponse.Status
    /// What is wrong, where, what was expected and what to do.
    let detail: String
    /// Header fields that the status calls for.
    let headers: HTTPFields

    /// A failure of the given status.
    init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.headers = headers
    }

    /// Writes the document's members.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("type", "about:blank")
            json.member("title", status.reasonPhrase)
            json.member("status", status.code)
            json.member("detail", detail)
        }
    }
}

extension Problem: HTTPResponseError {
    /// The document as a response.
    func response(from request: Request, context: some RequestContext) -> Response {
        let (content, mediaType) = document(for: request)
        var response = Response(content: content, mediaType, status: status)
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension Problem {
    /// The document, as clients of the request's path read failures.
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

    /// The document at once, and then the rest of a body that nobody wants: a client that is still sending would not
    /// hear the answer if the connection were closed on it.
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
    /// A response of one JSON document.
    init(
        json mediaType: String = "application/json", status: HTTPResponse.Status = .ok,
        _ write: (inout JSONWriter) -> Void
    ) {
        var json = JSONWriter()
        write(&json)
        self.init(content: json.bytes, mediaType, status: status)
    }

    /// A response of these bytes.
    init(content: [UInt8], _ mediaType: String = "application/json", status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: mediaType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: content)))
    }
}
