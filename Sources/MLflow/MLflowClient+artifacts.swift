import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1

/// A file or directory in a list of artifacts.
public struct ArtifactEntry: Sendable, Equatable {
    /// Path relative to the root of the artifacts.
    public var path: String
    /// Whether the entry is a directory.
    public var isDirectory: Bool
    /// Size in bytes, if the server reports it.
    public var size: Int?
}

extension MLflowClient {
    private static let service = "/api/2.0/mlflow-artifacts"

    /// Returns the path of artifacts at the server's artifact proxy.
    ///
    /// - Parameter uri: The `artifact_uri` of a run or model.
    /// - Returns: The path relative to `mlflow-artifacts/artifacts`, without leading or trailing slashes.
    /// - Throws: ``MLflowError/unusable(_:)`` if the server does not serve these artifacts.
    func artifactPath(_ uri: String) throws(MLflowError) -> String {
        func trimmed(_ path: Substring) -> String {
            path.split(separator: "/").joined(separator: "/")
        }
        let proxy = server.url + Self.service + "/artifacts"
        if uri.hasPrefix(proxy + "/") { return trimmed(uri.dropFirst(proxy.count)) }
        if uri.hasPrefix("mlflow-artifacts:") {
            let rest = uri.dropFirst("mlflow-artifacts:".count)
            guard rest.hasPrefix("//"), !rest.hasPrefix("///") else { return trimmed(rest) }
            let authority = rest.dropFirst(2).prefix { $0 != "/" }
            if authority == server.authority { return trimmed(rest.dropFirst(2 + authority.count)) }
        }
        throw .unusable(
            "\(server.url) does not serve the artifacts at \(TrackingServer.withoutCredentials(uri)). Start the server with --serve-artifacts and without --default-artifact-root."
        )
    }

    /// Returns whether the server accepts uploads to the `artifact_uri` of a run or model.
    public func servesArtifacts(at uri: String) -> Bool { (try? artifactPath(uri)) != nil }

    private func url(_ part: String, _ path: String) -> String {
        let encoded = path.split(separator: "/").map { percentEncoded(String($0)) }.joined(separator: "/")
        return "\(server.url)\(Self.service)/\(part)/\(encoded)"
    }

    /// Uploads bytes as an artifact and replaces an existing artifact at the path.
    public func upload(_ bytes: [UInt8], to path: String, at uri: String) async throws {
        var request = self.request(.PUT, url: url("artifacts", "\(try artifactPath(uri))/\(path)"))
        request.headers.add(name: "Content-Type", value: "application/octet-stream")
        request.body = .bytes(bytes)
        _ = try await answer(to: request, timeout: transferTimeout)
    }

    /// Uploads a file as an artifact and replaces an existing artifact at the path.
    ///
    /// The file is read from disk as it is sent. A large file goes in parts directly to the storage behind the server, if
    /// that storage supports multipart uploads.
    ///
    /// - Parameters:
    ///   - file: The path of the local file.
    ///   - path: The path of the artifact, relative to `uri`.
    ///   - uri: The `artifact_uri` of a run or model.
    /// - Throws: ``MLflowError`` if the file cannot be read or the upload fails.
    public func upload(file: String, to path: String, at uri: String) async throws {
        let size = try FileParts.size(of: file)
        let target = "\(try artifactPath(uri))/\(path)"
        if size >= multipart.smallestFile, try await uploadInParts(file: file, size: size, to: target) { return }
        var request = self.request(.PUT, url: url("artifacts", target))
        request.headers.add(name: "Content-Type", value: "application/octet-stream")
        request.body = .stream(FileParts(path: file, range: 0..<size), length: .known(Int64(size)))
        _ = try await answer(to: request, timeout: transferTimeout)
    }

    /// Uploads a file in parts.
    ///
    /// - Returns: `false` if the storage does not support multipart uploads; nothing has been uploaded then.
    private func uploadInParts(file: String, size: Int, to target: String) async throws -> Bool {
        let pieces = target.split(separator: "/")
        let (directory, name) = (pieces.dropLast().joined(separator: "/"), pieces.last.map(String.init) ?? target)
        var upload = MultipartUpload(size: size, partSize: multipart.partSize)
        let created: JSONValue
        do {
            created = try await ask(.POST, url: url("mpu/create", directory)) {
                $0.member("path", name)
                $0.member("num_parts", upload.parts.count)
            }
        } catch MLflowError.refused(_, 501, _, _, _) {
            return false
        } catch let MLflowError.refused(_, _, _, message, _)
            where message.hasPrefix("Multipart upload is not supported")
        {
            // Servers before MLflow 3.18 answer with this message instead of 501.
            return false
        }
        let id = created.string("upload_id")
        do {
            let credentials = created.array("credentials")
            // The storage joins whatever parts it has: with a part missing, a broken file would look complete.
            let numbers = credentials.map { $0.integer("part_number") }
            guard numbers.sorted() == Array(1...upload.parts.count) else {
                throw MLflowError.unexpected(
                    request: "an upload of \(target) in parts",
                    reason: "requested \(upload.parts.count) parts, but the server offered \(numbers.prefix(20))")
            }
            for (number, credential) in zip(numbers, credentials) {
                let range = upload.parts[number - 1]
                let tag = try await multipart.retries.retrying {
                    try await send(FileParts(path: file, range: range), as: credential)
                }
                upload.sent(number, tag: tag, url: credential.string("url"))
            }
            _ = try await ask(.POST, url: url("mpu/complete", directory)) {
                $0.member("path", name)
                $0.member("upload_id", id)
                $0.key("parts")
                $0.array(upload.done) { json, part in
                    json.object {
                        $0.member("part_number", part.number)
                        $0.member("etag", part.tag)
                        $0.member("url", part.url)
                    }
                }
            }
            return true
        } catch {
            // The storage would keep, and charge for, parts of an upload that is never completed or aborted.
            _ = try? await ask(.POST, url: url("mpu/abort", directory)) {
                $0.member("path", name)
                $0.member("upload_id", id)
            }
            throw error
        }
    }

    /// Sends a part of a file to the URL in a credential.
    ///
    /// - Returns: The part's `ETag`, by which the storage identifies it.
    private func send(_ part: FileParts, as credential: JSONValue) async throws -> String {
        // The URL is signed for this part alone, and the storage must not receive the MLflow server's credentials.
        var request = HTTPClientRequest(url: credential.string("url"))
        request.method = .PUT
        if case .object(let fields)? = credential["headers"] {
            for case (let field, .string(let value)) in fields { request.headers.add(name: field.text, value: value) }
        }
        request.body = .stream(part, length: .known(Int64(part.range.count)))
        return try await answer(to: request, timeout: transferTimeout).0.first(name: "ETag") ?? ""
    }

    /// Lists a directory of artifacts, without the content of its subdirectories.
    ///
    /// - Parameters:
    ///   - uri: The `artifact_uri` of a run or model.
    ///   - path: The path of the directory, relative to `uri`.
    /// - Returns: The entries, sorted by path.
    /// - Throws: ``MLflowError`` if the request fails.
    public func artifacts(at uri: String, path: String = "") async throws -> [ArtifactEntry] {
        let root = try artifactPath(uri)
        let answer = try await ask(
            .GET, url: server.url + Self.service + "/artifacts",
            query: [("path", path.isEmpty ? root : "\(root)/\(path)")])
        return answer.array("files").map { file in
            let name = file.string("path")
            return ArtifactEntry(
                path: path.isEmpty ? name : "\(path)/\(name)", isDirectory: file["is_dir"] == .bool(true),
                size: file["file_size"].map { _ in file.integer("file_size") })
        }.sorted { $0.path < $1.path }
    }

    /// Requests an artifact and returns the response with a body that is still to be read.
    func openArtifact(at uri: String, path: String) async throws -> HTTPClientResponse {
        let target = path.isEmpty ? try artifactPath(uri) : "\(try artifactPath(uri))/\(path)"
        return try await open(request(.GET, url: url("artifacts", target)), timeout: transferTimeout)
    }
}
