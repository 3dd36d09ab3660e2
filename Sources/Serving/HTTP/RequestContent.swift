internal import Compression
internal import HTTPTypes
import Hummingbird

/// A request's body as it comes, decompressed where its `Content-Encoding` says so.
struct RequestContent: ~Copyable {
    private var iterator: RequestBody.AsyncIterator
    /// As the request's fields say, where it is known and nothing is compressed.
    private let length: Int?
    private var gzip: GzipReader?
    /// What has come and is not decompressed yet.
    private var compressed: ArraySlice<UInt8> = []

    /// What is decompressed at once: deflate makes a byte of 1,032 at most, so that no part is much more than a megabyte.
    private static let compressedPart = 1_024

    /// A request's body, decompressed.
    init(_ request: Request, _ coding: ContentCoding) throws {
        gzip = coding == .gzip ? try GzipReader() : nil
        length = coding == .gzip ? nil : request.headers[.contentLength].flatMap { Int($0) }
        iterator = request.body.makeAsyncIterator()
    }

    /// The whole body.
    ///
    /// Of one that is refused all is read and dropped: a client that is still sending does not listen.
    ///
    /// - Parameters:
    ///   - limit: The most bytes it may hold.
    ///   - share: What holds it.
    /// - Returns: Its bytes, decompressed.
    /// - Throws: ``Problem`` 400 where it breaks off or is not what its fields say, 413 where it is too large, 429 where others
    ///   hold too much.
    consuming func whole(atMost limit: Int, in share: HeldBodies.Share) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        var refusal = length.flatMap { $0 > limit ? Problem.tooLarge(limit) : nil }
        while refusal == nil, let part = try await next() {
            guard bytes.count + part.count <= limit else {
                refusal = .tooLarge(limit)
                break
            }
            do throws(LabellingFailure) {
                try share.grow(to: bytes.count + part.count)
                bytes += part
            } catch {
                refusal = Problem(error)
            }
        }
        guard let refusal else { return bytes }
        bytes = []
        share.end()
        while try await received() != nil {}
        throw refusal
    }

    /// The next bytes; `nil` at the end.
    ///
    /// - Throws: ``Problem`` 400 where the body breaks off or is not what its fields say.
    mutating func next() async throws -> [UInt8]? {
        guard gzip != nil else { return try await received() }
        if compressed.isEmpty {
            guard let part = try await received() else {
                do throws(GzipReader.Fault) { try gzip.take()?.finish() } catch { throw Self.problem(of: error) }
                return nil
            }
            compressed = part[...]
        }
        var content: [UInt8] = []
        let part = Array(compressed.prefix(Self.compressedPart))
        compressed = compressed.dropFirst(part.count)
        do throws(GzipReader.Fault) { try gzip?.read(part, into: &content) } catch { throw Self.problem(of: error) }
        return content
    }

    private mutating func received() async throws -> [UInt8]? {
        do {
            return try await iterator.next().map { Array($0.readableBytesView) }
        } catch let error as CancellationError {
            throw error
        } catch let timeout as BodyTimeout {
            throw Problem(
                .requestTimeout, "the body did not come within \(Duration(timeout.time).inSeconds).",
                headers: [.connection: "close"])
        } catch {
            throw Problem(
                .badRequest, "the body broke off or was not framed as its header fields say: \(error).",
                headers: [.connection: "close"])
        }
    }

    private static func problem(of fault: GzipReader.Fault) -> any Error {
        switch fault {
        case .outOfMemory, .tooLarge: fault
        case .truncated: Problem(.badRequest, "the body's gzip data ends too early.")
        case .damaged(let position, let reason):
            Problem(.badRequest, "the body's gzip data is damaged near byte \(position): \(reason).")
        case .trailing(let position):
            Problem(.badRequest, "from byte \(position) on, after the body's gzip data, there is something else.")
        }
    }
}

/// What a body's bytes are a compressed form of (RFC 9110, §8.4.1).
enum ContentCoding {
    case identity
    case gzip

    /// What a request's `Content-Encoding` says.
    ///
    /// - Throws: ``Problem`` 415 where it is something else.
    init(of request: Request) throws(Problem) {
        switch request.headers[.contentEncoding]?.lowercased() {
        case nil, "identity": self = .identity
        case "gzip", "x-gzip": self = .gzip
        case let other?:
            throw Problem(
                .unsupportedMediaType, "content-encoding is \"\(other)\"; expected gzip or none.",
                headers: [.acceptEncoding: "gzip, identity"])
        }
    }
}

extension Problem {
    static func tooLarge(_ limit: Int) -> Problem {
        Problem(
            .contentTooLarge,
            "the body is larger than \(limit) bytes, the most this service takes. Send several requests, or lines of application/x-ndjson."
        )
    }
}
