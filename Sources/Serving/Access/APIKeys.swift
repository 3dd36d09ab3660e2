internal import Checkpoint
import Synchronization

/// The API keys of a service, read from a file with one key per line. Blank lines and lines that begin with `#` are
/// ignored.
public final class APIKeys: Sendable {
    /// A file of keys cannot be used.
    public struct Failure: Error, CustomStringConvertible {
        /// The file, the line if known, and what is wrong.
        public let description: String
    }

    /// The largest file of keys in bytes.
    private static let largestFile = 1 << 20

    private let file: String
    private let keys: Mutex<[[UInt8]]>

    /// Reads a file.
    ///
    /// - Throws: ``Failure`` if the file cannot be read, has no key, or has a key that cannot be sent in a header
    ///   field.
    public init(file: String) throws(Failure) {
        self.file = file
        keys = Mutex(try Self.read(file))
    }

    /// Reads the file again. If that fails, the keys stay as they are.
    ///
    /// - Throws: ``Failure``, as ``init(file:)`` does.
    public func reload() throws(Failure) {
        let new = try Self.read(file)
        keys.withLock { $0 = new }
    }

    /// Whether an `Authorization` field carries one of the keys ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750), §2.1).
    ///
    /// The time depends only on the lengths of the keys, so it does not reveal where a wrong key differs.
    public func allow(authorization field: String?) -> Bool {
        guard let parts = field?.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1), parts.count == 2,
            asciiToken(parts[0]) == "bearer"
        else { return false }
        let given = Array(parts[1])
        return keys.withLock { keys in
            // No early exit: every key is compared even after a match.
            keys.reduce(false) { Self.areEqual($1, given) || $0 }
        }
    }

    private static func areEqual(_ key: [UInt8], _ given: [UInt8]) -> Bool {
        guard key.count == given.count else { return false }
        return zip(key, given).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func read(_ file: String) throws(Failure) -> [[UInt8]] {
        let bytes: [UInt8]
        do throws(CheckpointError) {
            let stored = try RegularFile(path: file)
            guard stored.count <= largestFile else {
                throw .unreadable(
                    path: file, reason: "the file has \(stored.count) bytes; expected at most \(largestFile)")
            }
            bytes = try stored.bytes(atMost: largestFile)
        } catch {
            throw Failure(description: "\(file): cannot read the API keys: \(FileFailure.reason(error)).")
        }
        var keys: [[UInt8]] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let key = line.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
            guard let first = key.first, first != UInt8(ascii: "#") else { continue }
            guard key.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw Failure(
                    description:
                        "\(file), line \(index + 1): expected an API key of visible ASCII characters without spaces.")
            }
            keys.append(Array(key))
        }
        guard !keys.isEmpty else {
            throw Failure(description: "\(file): there is no API key in this file; write one per line.")
        }
        return keys
    }
}
