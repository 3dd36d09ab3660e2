import Glibc
import Synchronization

/// The keys that let requests in, read from a file: one a line, blank lines and lines that begin with `#` aside.
public final class APIKeys: Sendable {
    /// Why a file gives no keys.
    public struct Failure: Error, CustomStringConvertible {
        /// What is wrong, and where.
        public let description: String
    }

    private let file: String
    private let keys: Mutex<[[UInt8]]>

    /// Reads a file.
    ///
    /// - Throws: ``Failure`` where it cannot be read, or holds no key, or one that no header field can carry.
    public init(file: String) throws(Failure) {
        self.file = file
        keys = Mutex(try Self.read(file))
    }

    /// Reads the file anew; where that fails, the keys stay as they are.
    ///
    /// - Throws: ``Failure``.
    public func reload() throws(Failure) {
        let new = try Self.read(file)
        keys.withLock { $0 = new }
    }

    /// Whether an `Authorization` field carries one of the keys ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750), §2.1).
    ///
    /// How long this takes depends on the lengths alone, not on where a wrong key differs.
    public func allow(authorization field: String?) -> Bool {
        guard let field, field.utf8.count > 7, field.prefix(7).lowercased() == "bearer " else { return false }
        let given = Array(field.dropFirst(7).utf8)
        return keys.withLock { keys in
            // Every key is looked at, whether or not one has matched.
            keys.reduce(false) { Self.areEqual($1, given) || $0 }
        }
    }

    private static func areEqual(_ key: [UInt8], _ given: [UInt8]) -> Bool {
        guard key.count == given.count else { return false }
        return zip(key, given).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func read(_ file: String) throws(Failure) -> [[UInt8]] {
        guard let stream = unsafe fopen(file, "re") else {
            throw Failure(
                description: "the keys' file \(file) cannot be read: \(unsafe String(cString: strerror(errno))).")
        }
        defer { unsafe fclose(stream) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = unsafe part.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, stream) }
            guard count > 0 else { break }
            bytes += part[..<count]
        }
        guard unsafe ferror(stream) == 0 else {
            throw Failure(
                description:
                    "the keys' file \(file) cannot be read to its end: \(unsafe String(cString: strerror(errno))).")
        }
        var keys: [[UInt8]] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let key = line.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
            guard let first = key.first, first != UInt8(ascii: "#") else { continue }
            guard key.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw Failure(
                    description: "\(file), line \(index + 1): a key is of visible ASCII characters, without spaces.")
            }
            keys.append(Array(key))
        }
        guard !keys.isEmpty else {
            throw Failure(description: "the keys' file \(file) holds no key; write one a line.")
        }
        return keys
    }
}
