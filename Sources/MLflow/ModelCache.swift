import Checkpoint
import FoundationEssentials
import Glibc
import JSON

/// A local cache of checkpoints fetched from tracking servers.
///
/// Each checkpoint has a directory of its own, with files verified against their checksums. For each location the cache
/// has a symbolic link to the checkpoint that the location named last. A directory appears only when it is complete and
/// then never changes, so several processes can share the cache. Its content can be deleted while no process uses it.
public struct ModelCache: Sendable {
    /// A checkpoint in the cache.
    public struct Entry: Sendable, Equatable {
        /// Path of the location's symbolic link, whose target changes when the location names another checkpoint.
        public var link: String
        /// Name of the checkpoint's directory, unique to the checkpoint.
        public var name: String
        /// The reason that the location could not be resolved, if this is the checkpoint that it named last; otherwise
        /// `nil`.
        public var staleness: String?
    }

    /// Directory of the cache.
    public let directory: String
    private let client: MLflowClient

    /// Creates a cache.
    ///
    /// - Parameters:
    ///   - directory: The directory for checkpoints; it need not exist yet.
    ///   - client: The client of the tracking server to fetch from.
    public init(directory: String, client: MLflowClient) {
        self.directory = directory
        self.client = client
    }

    /// Resolves a location and downloads its checkpoint, unless the cache has it.
    ///
    /// - Parameters:
    ///   - location: The location to resolve.
    ///   - known: The name of an entry that is already in use and whose checksums need not be verified again.
    /// - Returns: The checkpoint; if the tracking server does not answer, the checkpoint that the location named last.
    /// - Throws: ``MLflowError`` if the location cannot be resolved or its files cannot be downloaded.
    public func fetch(_ location: ModelLocation, known: String? = nil) async throws -> Entry {
        let link = "\(directory)/links/\(Self.key(client.server.url, "\(location)"))"
        do {
            let uri = try await RetryPolicy(attempts: 3).retrying { try await client.artifactURI(of: location) }
            let name = Self.key(client.server.url, uri)
            let path = "\(directory)/\(name)"
            if name != known, !isWhole(path) { try await download(uri, to: path) }
            try point(link, at: name)
            return Entry(link: link, name: name)
        } catch let error as MLflowError where error.isTransient {
            guard
                let name = try? FileManager.default.destinationOfSymbolicLink(atPath: link).split(separator: "/").last,
                name == known ?? "" || isWhole("\(directory)/\(name)")
            else { throw error }
            return Entry(link: link, name: String(name), staleness: "\(error)")
        }
    }

    private static let record = "fetched.json"
    /// Name of the file that a checkpoint's author may put beside it: the output of `sha256sum`.
    package static let checksums = "checksums.sha256"

    private static func key(_ parts: String...) -> String {
        String(SHA256.hexadecimal(of: Array(parts.joined(separator: "\n").utf8)).prefix(24))
    }

    /// Downloads a checkpoint to a temporary directory, verifies its checksums if it has any, and renames the directory.
    private func download(_ uri: String, to path: String) async throws {
        let partial = "\(path).\(String(UInt64.random(in: 0 ... .max), radix: 36)).partial"
        do {
            let files = try await client.download(artifactsAt: uri, to: partial)
            try Self.check(files, in: partial, from: uri)
            var json = JSONWriter()
            json.object { json in
                json.member("server", client.server.url)
                json.member("artifacts", uri)
                json.key("files")
                json.array(files) { json, file in
                    json.object {
                        $0.member("path", file.path)
                        $0.member("size", file.size)
                        $0.member("sha256", file.sha256)
                    }
                }
            }
            var record = try ReplacementFile(for: "\(partial)/\(Self.record)")
            try record.write(json.bytes)
            try record.commit()
            if FileManager.default.fileExists(atPath: path), !isWhole(path) {
                try FileManager.default.removeItem(atPath: path)
            }
            // If another process was faster, use its directory.
            if unsafe rename(partial, path) != 0, !isWhole(path) {
                throw MLflowError.file(path: path, reason: FileFailure.reason(errno))
            }
            try? FileManager.default.removeItem(atPath: partial)
        } catch {
            try? FileManager.default.removeItem(atPath: partial)
            switch error {
            case let error as MLflowError: throw error
            case is CancellationError: throw error
            default: throw MLflowError.file(path: directory, reason: FileFailure.reason(error))
            }
        }
    }

    /// Verifies the files listed in the checkpoint's checksum file, if it has one.
    private static func check(_ files: [DownloadedFile], in directory: String, from uri: String) throws(MLflowError) {
        guard let bytes = FileManager.default.contents(atPath: "\(directory)/\(checksums)") else { return }
        let found = Dictionary(files.map { ($0.path, $0.sha256) }, uniquingKeysWith: { first, _ in first })
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard parts.count == 2 else { continue }
            let name = String(parts[1].drop { $0 == " " || $0 == "*" })
            guard found[name] == String(parts[0]) else {
                throw .unexpected(
                    request: "the download of \(uri)",
                    reason:
                        "\(name) \(found[name].map { "has SHA-256 \($0)" } ?? "is missing"), but \(checksums) says \(parts[0])"
                )
            }
        }
    }

    /// Returns whether a directory has every downloaded file with its recorded checksum.
    private func isWhole(_ path: String) -> Bool {
        guard let bytes = FileManager.default.contents(atPath: "\(path)/\(Self.record)"),
            let record = try? JSONValue(parsing: Array(bytes))
        else { return false }
        let files = record.array("files")
        return !files.isEmpty
            && files.allSatisfy { file in
                SHA256.hexadecimal(ofFile: "\(path)/\(file.string("path"))") == file.string("sha256")
            }
    }

    /// Atomically points a link at a directory of the cache, so that readers never find it missing.
    private func point(_ link: String, at name: String) throws(MLflowError) {
        let destination = "../\(name)"
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == destination { return }
        let temporary = "\(link).\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
        do {
            try FileManager.default.createDirectory(
                atPath: "\(directory)/links", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: destination)
        } catch {
            throw .file(path: "\(directory)/links", reason: FileFailure.reason(error))
        }
        guard unsafe rename(temporary, link) == 0 else {
            throw .file(path: link, reason: FileFailure.reason(errno))
        }
    }
}
