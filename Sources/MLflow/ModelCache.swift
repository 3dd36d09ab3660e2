import Checkpoint
import FoundationEssentials
import Glibc
import JSON

/// Checkpoints that were fetched from trackers: each in a directory of its own, whose files are held against their checksums, and for
/// each location a link to the one it named last.
///
/// A directory is whole from the moment it is there, and never changes; several processes may share the cache. What lies in it can be
/// deleted while nobody uses it.
public struct ModelCache: Sendable {
    /// A checkpoint that can be loaded.
    public struct Entry: Sendable, Equatable {
        /// The link: what it leads to changes when the location names another checkpoint.
        public var link: String
        /// The directory's name, another one for every checkpoint.
        public var name: String
        /// Why the location could not be looked up, where this is what it named last.
        public var staleness: String?
    }

    /// Where the cache is.
    public let directory: String
    private let client: MLflowClient

    /// A cache, which need not exist yet.
    ///
    /// - Parameters:
    ///   - directory: Where to keep checkpoints.
    ///   - client: Of the tracker they come from.
    public init(directory: String, client: MLflowClient) {
        self.directory = directory
        self.client = client
    }

    /// Looks up what a location names now, and fetches it unless it is there.
    ///
    /// - Parameters:
    ///   - location: What to look up.
    ///   - known: The name of an entry that is in use, which is not held against its checksums again.
    /// - Returns: The checkpoint; where the tracker does not answer, the one that the location named last.
    /// - Throws: ``MLflowError``
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
    /// Lines of `sha256sum` that its maker put beside a checkpoint.
    package static let checksums = "checksums.sha256"

    private static func key(_ parts: String...) -> String {
        String(SHA256.hexadecimal(of: Array(parts.joined(separator: "\n").utf8)).prefix(24))
    }

    /// Downloads to a directory beside, checks what came against the checksums that its maker put with it, and renames it.
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
            // Where another process was first, its directory is as good.
            if unsafe rename(partial, path) != 0, !isWhole(path) {
                throw MLflowError.file(path: path, reason: unsafe String(cString: strerror(errno)))
            }
            try? FileManager.default.removeItem(atPath: partial)
        } catch {
            try? FileManager.default.removeItem(atPath: partial)
            switch error {
            case let error as MLflowError: throw error
            case let error as CheckpointError: throw MLflowError.file(path: directory, reason: "\(error)")
            case is CancellationError: throw error
            default: throw MLflowError.file(path: directory, reason: "\(error)")
            }
        }
    }

    /// Lines of `sha256sum`, where they are among the files: every file they name has to be there as they say.
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
                        "\(name) is \(found[name].map { "of SHA-256 \($0)" } ?? "missing"), and \(checksums) says \(parts[0])"
                )
            }
        }
    }

    /// Whether a directory holds every file that was fetched, byte for byte.
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

    /// Points a link at a directory of the cache, so that it leads to the one or to the other at any moment.
    private func point(_ link: String, at name: String) throws(MLflowError) {
        let destination = "../\(name)"
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == destination { return }
        let temporary = "\(link).\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
        do {
            try FileManager.default.createDirectory(
                atPath: "\(directory)/links", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: destination)
        } catch {
            throw .file(path: "\(directory)/links", reason: "\(error)")
        }
        guard unsafe rename(temporary, link) == 0 else {
            throw .file(path: link, reason: unsafe String(cString: strerror(errno)))
        }
    }
}
