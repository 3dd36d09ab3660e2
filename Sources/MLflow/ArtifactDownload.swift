import AsyncHTTPClient
import Checkpoint
import FoundationEssentials
import NIOCore

/// A downloaded file.
public struct DownloadedFile: Sendable, Equatable {
    /// Path relative to the download directory.
    public var path: String
    /// Size in bytes.
    public var size: Int
    /// SHA-256 digest of the received bytes, in hexadecimal.
    public var sha256: String
}

extension MLflowClient {
    /// The deepest allowed nesting of directories.
    private static let deepest = 16

    /// Downloads a directory of artifacts.
    ///
    /// Each file is streamed to disk and appears only when it is complete.
    ///
    /// - Parameters:
    ///   - uri: The `artifact_uri` of a run or model, or the result of ``artifactURI(of:)``.
    ///   - directory: The directory to write to; created if it does not exist.
    ///   - retries: The retry policy for each file and each listing.
    /// - Returns: The downloaded files, sorted by path.
    /// - Throws: ``MLflowError`` if a request fails, if the server lists a name that would lead out of `directory`, or if a
    ///   file does not have the listed size; ``MLflowError/unusable(_:)`` if there are no artifacts.
    public func download(
        artifactsAt uri: String, to directory: String, retries: RetryPolicy = RetryPolicy(attempts: 5)
    ) async throws -> [DownloadedFile] {
        var files: [DownloadedFile] = []
        var directories = [(path: "", depth: 0)]
        while let (path, depth) = directories.popLast() {
            for entry in try await retries.retrying({ try await artifacts(at: uri, path: path) }) {
                let name = Substring(entry.path.utf8.dropFirst(path.isEmpty ? 0 : path.utf8.count + 1))
                guard Self.isPlain(name) else {
                    throw MLflowError.unexpected(
                        request: "the list of artifacts at \(uri)",
                        reason: "it contains the invalid path \(entry.path.debugDescription)")
                }
                if entry.isDirectory {
                    guard depth < Self.deepest else {
                        throw MLflowError.unexpected(
                            request: "the list of artifacts at \(uri)",
                            reason: "directories are nested more than \(Self.deepest) levels deep")
                    }
                    directories.append((entry.path, depth + 1))
                } else {
                    files.append(try await retries.retrying { try await download(entry, at: uri, to: directory) })
                }
            }
        }
        guard !files.isEmpty else {
            throw MLflowError.unusable("there are no artifacts at \(uri) on \(server.url).")
        }
        return files.sorted { $0.path < $1.path }
    }

    private func download(_ entry: ArtifactEntry, at uri: String, to directory: String) async throws -> DownloadedFile {
        let path = "\(directory)/\(entry.path)"
        do {
            try FileManager.default.createDirectory(
                atPath: String(path[..<(path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.endIndex)]),
                withIntermediateDirectories: true)
        } catch {
            throw MLflowError.file(
                path: directory, reason: "creating the directory failed: \(FileFailure.reason(error))")
        }
        let response = try await openArtifact(at: uri, path: entry.path)
        var digest = SHA256()
        var size = 0
        var parts = response.body.makeAsyncIterator()
        do {
            var file = try ReplacementFile(for: path)
            while let part = try await parts.next() {
                let bytes = Array(part.readableBytesView)
                digest.update(bytes)
                size += bytes.count
                try file.write(bytes)
            }
            if let expected = entry.size, expected != size {
                throw MLflowError.unreachable(
                    request: "\(entry.path) at \(uri)", reason: "received \(size) of \(expected) bytes")
            }
            try file.commit()
        } catch let error as CheckpointError {
            throw MLflowError.file(path: path, reason: FileFailure.reason(error))
        } catch let error where !(error is MLflowError) && !(error is CancellationError) {
            throw MLflowError.unreachable(
                request: "\(entry.path) at \(uri)", reason: Self.reason(error))
        }
        return DownloadedFile(path: entry.path, size: size, sha256: digest.hexadecimal())
    }

    /// Whether a name is a plain file name, so that it cannot lead out of its directory.
    private static func isPlain(_ name: Substring) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 < 0x20 || $0 == 0x2F || $0 == 0x5C }
    }
}
