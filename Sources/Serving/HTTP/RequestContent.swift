internal import Compression
internal import HTTPTypes
import Hummingbird
internal import Text

/// The body of a request as it arrives, decompressed if its `Content-Encoding` says so.
struct RequestContent: ~Copyable {
    private var iterator: RequestBody.AsyncIterator
    /// `Content-Length`, if the request has this field and the body is not compressed.
    private let length: Int?
    private var gzip: GzipReader?
    /// Received bytes that have not been decompressed.
    private var compressed: ArraySlice<UInt8> = []

    /// Bytes that are decompressed at once. One byte of deflate data expands to at most 1,032 bytes, so a part has
    /// about a megabyte at most.
    private static let compressedPart = 1_024

    /// Prepares to read the body of a request.
    init(_ request: Request, _ coding: ContentCoding) throws {
        gzip = coding == .gzip ? try GzipReader() : nil
        length = coding == .gzip ? nil : request.headers[.contentLength].flatMap { Int($0) }
        iterator = request.body.makeAsyncIterator()
    }

    /// Reads the whole body.
    ///
    /// A body that is refused is read to its end and dropped, because clients do not read an answer while they are
    /// still sending.
    ///
    /// - Parameters:
    ///   - limit: The largest body in bytes, after decompression.
    ///   - share: Accounts for the memory of the body.
    /// - Returns: The bytes, decompressed.
    /// - Throws: ``Problem`` 400 if the body ends early or does not match its header fields, 413 if it is too large,
    ///   429 if other bodies use too much memory.
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

    /// Reads the next bytes; `nil` at the end of the body.
    ///
    /// - Throws: ``Problem`` 400 if the body ends early or does not match its header fields, 408 if it takes too long.
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
                .bodyTimeout, "the body did not arrive within \(Duration(timeout.time).inSeconds).",
                headers: [.connection: "close"])
        } catch {
            throw Problem(
                .badMessage,
                "the body ended early or does not match its header fields; send exactly the announced bytes.",
                headers: [.connection: "close"])
        }
    }

    private static func problem(of fault: GzipReader.Fault) -> any Error {
        switch fault {
        case .outOfMemory, .tooLarge: fault
        case .truncated: Problem(.malformedBody, "the body's gzip data ends too early.")
        case .damaged(let position, let reason):
            Problem(.malformedBody, "the body's gzip data is damaged near byte \(position): \(reason).")
        case .trailing(let position):
            Problem(.malformedBody, "there is other data after the body's gzip data, from byte \(position) on.")
        }
    }
}

/// How a body is compressed (RFC 9110, §8.4.1).
enum ContentCoding {
    case identity
    case gzip

    /// Reads the `Content-Encoding` of a request.
    ///
    /// - Throws: ``Problem`` 415 if the coding is neither gzip nor identity.
    init(of request: Request) throws(Problem) {
        switch request.headers[.contentEncoding].map({ asciiToken($0.utf8) }) {
        case nil, "identity": self = .identity
        case "gzip", "x-gzip": self = .gzip
        case let other?:
            throw Problem(
                .unsupportedEncoding, "content-encoding is \(other.excerpt); expected gzip or no content-encoding.",
                headers: [.acceptEncoding: "gzip, identity"])
        }
    }
}

extension Problem {
    static func tooLarge(_ limit: Int) -> Problem {
        Problem(
            .bodyTooLarge,
            "the body is larger than the limit of \(limit) bytes. Split it into several requests, or stream lines of application/x-ndjson."
        )
    }
}
