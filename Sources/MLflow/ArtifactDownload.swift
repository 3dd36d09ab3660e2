import AsyncHTTPClient
import Checkpoint
import FoundationEssentials
import NIOCore

/// A file that was downloaded.
public struct DownloadedFile: Sendable, Equatable {
    /// Below the directory it was downloaded to.
    public var path: String
    /// In bytes.
    public var size: Int
    /// In hexadecimal, of the bytes as they came.
    public var sha256: String
}

extension MLflowClient {
    /// Directories within directories, at most.
    private static let deepest = 16

    /// Downloads a directory of artifacts. Each file appears complete or not at all, and is never in memory as a whole.
    ///
    /// - Parameters:
    ///   - uri: A run's or a model's `artifact_uri`, or what ``artifactURI(of:)`` gives.
    ///   - directory: Where to write; made where it does not exist.
    ///   - retries: When a file is tried again.
    /// - Returns: Every file, in the order of their paths.
    /// - Throws: ``MLflowError``, also where the server names a file that would lie elsewhere or sends another size than it
    ///   said; ``MLflowError/unusable(_:)`` where there is nothing.
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
                        request: "the list of artifacts at \(uri)", reason: "it names \(entry.path.debugDescription)")
                }
                if entry.isDirectory {
                    guard depth < Self.deepest else {
                        throw MLflowError.unexpected(
                            request: "the list of artifacts at \(uri)",
                            reason: "directories nest more than \(Self.deepest) deep")
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
            throw MLflowError.file(path: directory, reason: "it cannot be made (\(error))")
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
                    request: "\(entry.path) at \(uri)", reason: "\(size) of \(expected) bytes came")
            }
            try file.commit()
        } catch let error as CheckpointError {
            throw MLflowError.file(path: path, reason: "\(error)")
        } catch let error where !(error is MLflowError) && !(error is CancellationError) {
            throw MLflowError.unreachable(request: "\(entry.path) at \(uri)", reason: "\(error)")
        }
        return DownloadedFile(path: entry.path, size: size, sha256: digest.hexadecimal())
    }

    /// Whether a name is that of an entry of a directory, never a path out of it.
    private static func isPlain(_ name: Substring) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 < 0x20 || $0 == 0x2F || $0 == 0x5C }
    }
}
