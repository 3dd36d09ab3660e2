import Checkpoint
package import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A byte range of a file as a sequence of buffers, read from disk as it is sent.
package struct FileParts: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    let path: String
    let range: Range<Int>

    /// The number of bytes read at a time.
    private static let partSize = 256 << 10

    /// Returns the size of a file in bytes.
    ///
    /// - Throws: ``MLflowError/file(path:reason:)`` if the path is not a regular file.
    package static func size(of path: String) throws(MLflowError) -> Int {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .file(path: path, reason: FileFailure.reason(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .file(path: path, reason: "it is not a regular file") }
        return Int(status.st_size)
    }

    package func makeAsyncIterator() -> Iterator { Iterator(path: path, range: range) }

    /// An open file descriptor, closed with the last reference.
    private final class Descriptor: Sendable {
        let number: Int32

        init(_ path: String) throws(MLflowError) {
            number = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard number >= 0 else { throw .file(path: path, reason: FileFailure.reason(errno)) }
        }

        deinit { if number >= 0 { close(number) } }
    }

    package struct Iterator: AsyncIteratorProtocol {
        private let path: String
        private var rest: Range<Int>
        private var file: Descriptor?

        init(path: String, range: Range<Int>) {
            self.path = path
            rest = range
        }

        package mutating func next() async throws -> ByteBuffer? {
            guard !rest.isEmpty else { return nil }
            let file = try file ?? Descriptor(path)
            self.file = file
            let count = Swift.min(rest.count, FileParts.partSize)
            let start = rest.lowerBound
            var failure: Int32 = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
                let result = unsafe pread(file.number, buffer.baseAddress, count, off_t(start))
                if result < 0 { failure = errno }
                initialised = Swift.max(0, result)
            }
            guard !bytes.isEmpty else {
                throw MLflowError.file(
                    path: path,
                    reason: failure == 0 ? "it was truncated while being read" : FileFailure.reason(failure))
            }
            rest = start + bytes.count..<rest.upperBound
            return ByteBuffer(bytes: bytes)
        }
    }
}
