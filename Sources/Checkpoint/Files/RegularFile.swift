#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A regular file that is open for reading. Opening a pipe, a directory or a device fails at once instead of waiting.
package struct RegularFile: ~Copyable {
    let descriptor: Int32
    /// The size of the file in bytes when it was opened.
    package let count: Int
    private let path: String

    /// Opens the file at `path`.
    ///
    /// - Throws: `CheckpointError` if the file is missing or not a regular file, or if the operating system refuses to
    ///   open it.
    package init(path: String) throws(CheckpointError) {
        guard !path.utf8.contains(0) else {
            throw .unreadable(path: path, reason: "its path contains a NUL character")
        }
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            if code == ENOENT || code == ENOTDIR { throw .notFound(path: path) }
            if code == ENXIO { throw .notAFile(path: path, found: "a socket or device") }
            throw .unreadable(path: path, reason: SystemCall.reason(code))
        }
        var status = stat()
        let failure: CheckpointError? =
            if unsafe fstat(descriptor, &status) != 0 {
                .unreadable(path: path, reason: SystemCall.reason(errno))
            } else if case let kind = SystemCall.Kind(mode: status.st_mode), kind != .regularFile {
                .notAFile(path: path, found: kind.rawValue)
            } else {
                nil
            }
        if let failure {
            close(descriptor)
            throw failure
        }
        self.descriptor = descriptor
        self.path = path
        count = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Copies the file's bytes. Unlike a mapping, this is safe for a file that is rewritten in place.
    ///
    /// - Parameter limit: The number of bytes after which reading stops.
    /// - Returns: The bytes from the beginning of the file.
    /// - Throws: `CheckpointError` if the operating system refuses to read.
    package func bytes(atMost limit: Int) throws(CheckpointError) -> [UInt8] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < limit {
            let count = unsafe part.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path: path, reason: SystemCall.reason(errno)) }
            guard count > 0 else { break }
            bytes += part[..<min(count, limit - bytes.count)]
        }
        return bytes
    }
}
