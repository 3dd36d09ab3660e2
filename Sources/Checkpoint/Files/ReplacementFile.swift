#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that is written under a temporary name and replaces another file by a rename once it is complete.
package struct ReplacementFile: ~Copyable {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var isCommitted = false

    /// Creates a temporary file in the directory of `path`, so that the rename stays within one file system.
    package init(for path: String) throws(CheckpointError) {
        let (directory, name) = FileName.split(path)
        guard FileName.isPlain(name) else { throw .forbiddenName(name: name, directory: directory) }
        guard !path.utf8.contains(0) else { throw .unwritable(path: path, reason: "its path contains a NUL character") }
        // Shorten the name, so that the additions do not exceed the maximum length.
        let stem = String(decoding: name.utf8.prefix(200), as: UTF8.self)
        let temporaryPath = FileName.join(directory, ".\(stem).\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp")
        let descriptor = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: SystemCall.reason(errno)) }
        self.path = path
        self.temporaryPath = temporaryPath
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
        if !isCommitted { unsafe unlink(temporaryPath) }
    }

    /// Appends `bytes` to the temporary file.
    package mutating func write(_ bytes: [UInt8]) throws(CheckpointError) {
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                    unsafe Darwin.write(
                        descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
                #elseif canImport(Musl)
                    unsafe Musl.write(
                        descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
                #else
                    unsafe Glibc.write(
                        descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
                #endif
            }
            if result >= 0 {
                written += result
            } else if errno != EINTR {
                throw .unwritable(path: path, reason: SystemCall.reason(errno))
            }
        }
    }

    /// Waits until the bytes are on disk, then renames the file to its final path.
    package mutating func commit() throws(CheckpointError) {
        guard fsync(descriptor) == 0, unsafe rename(temporaryPath, path) == 0 else {
            throw .unwritable(path: path, reason: SystemCall.reason(errno))
        }
        isCommitted = true
    }
}
