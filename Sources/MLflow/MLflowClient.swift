import AsyncHTTPClient
import Checkpoint
import FoundationEssentials
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix

/// A client of MLflow's REST API. Requests are not retried; use ``RetryPolicy`` for retries.
///
/// Paths and members follow the protocol definitions of MLflow 3.18 (`mlflow/protos/service.proto`,
/// `model_registry.proto`, `mlflow_artifacts.proto`).
public struct MLflowClient: Sendable {
    /// The server to which requests go.
    public let server: TrackingServer
    /// Timeout of an API request.
    public var timeout: Duration
    /// Timeout of the upload or download of one file.
    public var transferTimeout: Duration
    /// Settings for uploads in parts.
    package var multipart = MultipartUpload.Settings()

    static let api = "/api/2.0/mlflow"
    /// The largest answer that is read into memory, in bytes.
    private static let answerLimit = 64 << 20
    /// The connection pool of the process, which lives as long as the process. It does not follow redirects, because the
    /// credentials would be sent along.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10), read: .seconds(300)))
        configuration.httpVersion = .http1Only
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Creates a client for a server.
    public init(_ server: TrackingServer, timeout: Duration = .seconds(30), transferTimeout: Duration = .seconds(3600))
    {
        self.server = server
        self.timeout = timeout
        self.transferTimeout = transferTimeout
    }

    /// Sends a request to the API.
    ///
    /// - Parameters:
    ///   - method: The HTTP method.
    ///   - path: The path relative to `/api/2.0/mlflow`.
    ///   - query: The query parameters, not yet percent-encoded.
    ///   - members: A closure that writes the members of the body, a JSON object; `nil` for a request without a body.
    /// - Returns: The JSON answer.
    /// - Throws: ``MLflowError`` if the request fails or the answer is not JSON.
    func ask(
        _ method: HTTPMethod, _ path: String, query: [(String, String)] = [],
        _ members: ((inout JSONWriter) -> Void)? = nil
    ) async throws -> JSONValue {
        try await ask(method, url: server.url + Self.api + path, query: query, members)
    }

    /// Sends a request to a complete URL, otherwise like ``ask(_:_:query:_:)``.
    func ask(
        _ method: HTTPMethod, url: String, query: [(String, String)] = [],
        _ members: ((inout JSONWriter) -> Void)? = nil
    ) async throws -> JSONValue {
        var request = self.request(method, url: url, query: query)
        if let members {
            var json = JSONWriter()
            json.object(members)
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(json.bytes)
        }
        let (_, bytes) = try await answer(to: request, timeout: timeout)
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw MLflowError.unexpected(
                request: Self.name(request), reason: "the answer is not JSON (\(error.reason))")
        }
    }

    func request(_ method: HTTPMethod, url: String, query: [(String, String)] = []) -> HTTPClientRequest {
        let query = query.map { "\(percentEncoded($0))=\(percentEncoded($1))" }.joined(separator: "&")
        var request = HTTPClientRequest(url: query.isEmpty ? url : "\(url)?\(query)")
        request.method = method
        request.headers.add(name: "User-Agent", value: "rubricator")
        if let credentials = server.credentials, url.hasPrefix(server.url + "/") {
            request.headers.add(name: "Authorization", value: credentials.authorization)
        }
        return request
    }

    /// Sends a request and returns the header fields and the whole body of the answer.
    ///
    /// - Throws: ``MLflowError`` if the request fails or its status is not 2xx.
    func answer(to request: HTTPClientRequest, timeout: Duration) async throws -> (HTTPHeaders, [UInt8]) {
        let response = try await open(request, timeout: timeout)
        do {
            let body = try await response.body.collect(upTo: Self.answerLimit)
            return (response.headers, Array(body.readableBytesView))
        } catch {
            throw Self.failure(error, request)
        }
    }

    /// Sends a request and returns the answer with a body that is still to be read.
    ///
    /// - Throws: ``MLflowError`` if the request fails or its status is not 2xx.
    func open(_ request: HTTPClientRequest, timeout: Duration) async throws -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await Self.http.execute(request, timeout: TimeAmount(timeout))
        } catch {
            throw Self.failure(error, request)
        }
        guard !(200..<300).contains(response.status.code) else { return response }
        let body = try? await response.body.collect(upTo: 1 << 20)
        let json = body.flatMap { try? JSONValue(parsing: Array($0.readableBytesView)) } ?? .null
        throw MLflowError.refused(
            request: Self.name(request), status: Int(response.status.code), code: json.string("error_code"),
            message: json.string("message").split(whereSeparator: \.isNewline).first.map(String.init)
                ?? response.status.reasonPhrase,
            // HTTP also allows a date here, but no MLflow server sends one.
            retryAfter: response.headers.first(name: "Retry-After").flatMap(Int.init).map { .seconds($0) })
    }

    /// Returns a request's method and URL for error messages, such as
    /// "POST http://localhost:5000/api/2.0/mlflow/runs/create".
    private static func name(_ request: HTTPClientRequest) -> String {
        "\(request.method) \(request.url.prefix { $0 != "?" })"
    }

    private static func failure(_ error: any Error, _ request: HTTPClientRequest) -> any Error {
        switch error {
        case is CancellationError: error
        case let error as MLflowError: error
        case let error as HTTPClientError where error == .cancelled: CancellationError()
        default: MLflowError.unreachable(request: name(request), reason: reason(error))
        }
    }

    /// Returns why a request got no answer, as a clause.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where [.connectTimeout, .deadlineExceeded, .readTimeout].contains(error):
            "there was no answer in time"
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            "the server closed the connection before it answered"
        case let error as HTTPClientError: error.shortDescription
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason($0.error) } ?? "the host \(error.host) has no address"
        case let error as IOError: FileFailure.reason(error.errnoCode)
        default: "\(error)"
        }
    }
}

/// Percent-encodes all characters except the unreserved characters of RFC 3986.
func percentEncoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch Unicode.Scalar(byte) {
        case "A"..."Z", "a"..."z", "0"..."9", "-", ".", "_", "~": bytes.append(byte)
        default:
            bytes.append(UInt8(ascii: "%"))
            bytes += [byte >> 4, byte & 15].map { $0 < 10 ? 0x30 + $0 : 0x37 + $0 }
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
