import AsyncHTTPClient
import FoundationEssentials
import JSON
import NIOCore
import NIOHTTP1

/// MLflow's REST API: each call is one request, tried once. ``RetryPolicy`` says when to try again.
///
/// The paths and members are those of MLflow 3.18's protocol definitions (`mlflow/protos/service.proto`,
/// `model_registry.proto`, `mlflow_artifacts.proto`).
public struct MLflowClient: Sendable {
    /// Where requests go.
    public let server: TrackingServer
    /// How long an answer may take.
    public var timeout: Duration
    /// How long a file's upload or download may take.
    public var transferTimeout: Duration
    /// When files are uploaded in parts.
    package var multipart = MultipartUpload.Settings()

    static let api = "/api/2.0/mlflow"
    /// An answer is read into memory up to this many bytes.
    private static let answerLimit = 64 << 20
    /// One pool of connections for the process; it ends with it. Redirects are not followed: credentials would go along.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10), read: .seconds(300)))
        configuration.httpVersion = .http1Only
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// A client of a server.
    public init(_ server: TrackingServer, timeout: Duration = .seconds(30), transferTimeout: Duration = .seconds(3600))
    {
        self.server = server
        self.timeout = timeout
        self.transferTimeout = transferTimeout
    }

    /// Asks something of the API.
    ///
    /// - Parameters:
    ///   - method: Such as GET.
    ///   - path: Below `/api/2.0/mlflow`.
    ///   - query: What follows the question mark, not yet encoded.
    ///   - members: Writes the members of the body, which is a JSON object.
    /// - Returns: The answer.
    /// - Throws: ``MLflowError``
    func ask(
        _ method: HTTPMethod, _ path: String, query: [(String, String)] = [],
        _ members: ((inout JSONWriter) -> Void)? = nil
    ) async throws -> JSONValue {
        try await ask(method, url: server.url + Self.api + path, query: query, members)
    }

    /// The same of a whole URL.
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

    /// The head and the whole body of a successful answer.
    func answer(to request: HTTPClientRequest, timeout: Duration) async throws -> (HTTPHeaders, [UInt8]) {
        let response = try await open(request, timeout: timeout)
        do {
            let body = try await response.body.collect(upTo: Self.answerLimit)
            return (response.headers, Array(body.readableBytesView))
        } catch {
            throw Self.failure(error, request)
        }
    }

    /// The answer to a request, its body still to be read.
    ///
    /// - Throws: ``MLflowError``, also for every status but 2xx.
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
            // A date instead of seconds is possible too; no MLflow server sends it.
            retryAfter: response.headers.first(name: "Retry-After").flatMap(Int.init).map { .seconds($0) })
    }

    /// Such as "POST http://localhost:5000/api/2.0/mlflow/runs/create".
    private static func name(_ request: HTTPClientRequest) -> String {
        "\(request.method) \(request.url.prefix { $0 != "?" })"
    }

    private static func failure(_ error: any Error, _ request: HTTPClientRequest) -> any Error {
        switch error {
        case is CancellationError: error
        case let error as MLflowError: error
        case let error as HTTPClientError where error == .cancelled: CancellationError()
        default: MLflowError.unreachable(request: name(request), reason: "\(error)")
        }
    }
}

/// RFC 3986's unreserved characters as they are, all others as `%XX`.
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
