#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that is mapped read-only into memory. Opening takes constant time; pages are read on first access.
///
/// The file is unmapped when the last reference is released. Until then it must not be shortened in place: the kernel
/// answers an access beyond the new end with a bus error, which the program cannot turn into a Swift error.
/// Replacing the file by a rename, as `SafetensorsWriter` does, is safe.
///
/// The class is `@safe` and unchecked `Sendable` because the mapping is private, read-only and never changes, and
/// because every access below is limited to `count` bytes.
@safe
public final class MappedFile: @unchecked Sendable {
    /// The path with which the file was opened.
    public let path: String
    /// The size of the file in bytes.
    public let count: Int
    /// The start of the mapping, or `nil` for an empty file, which cannot be mapped.
    private let base: UnsafeMutableRawPointer?

    /// Maps the regular file at `path`.
    ///
    /// - Throws: `CheckpointError` if the file is missing or not a regular file, or if the operating system refuses to
    ///   open or map it.
    public init(path: String) throws(CheckpointError) {
        let file = try RegularFile(path: path)
        self.path = path
        count = file.count
        guard count > 0 else {
            unsafe base = nil
            return
        }
        let mapping = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, file.descriptor, 0)
        guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else {
            throw .unreadable(path: path, reason: SystemCall.reason(errno))
        }
        unsafe base = mapping
    }

    deinit {
        if let base = unsafe base { unsafe munmap(base, count) }
    }

    /// Calls `body` with the bytes of the whole file.
    public func withBytes<R, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
        try withBytes(in: 0..<count, body)
    }

    /// Calls `body` with the bytes in `range`, clamped to the file.
    package func withBytes<R, E: Error>(in range: Range<Int>, _ body: (RawSpan) throws(E) -> R) throws(E) -> R {
        // `body` does not keep the owner of these bytes alive.
        defer { withExtendedLifetime(self) {} }
        return try body(unsafe buffer(range).bytes)
    }

    /// Returns a copy of the bytes in `range`, clamped to the file.
    package func bytes(in range: Range<Int>) -> [UInt8] {
        defer { withExtendedLifetime(self) {} }
        return unsafe Array(buffer(range))
    }

    private func buffer(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        let range = range.clamped(to: 0..<count)
        return unsafe UnsafeRawBufferPointer(
            start: base.map { unsafe UnsafeRawPointer($0) + range.lowerBound }, count: range.count)
    }
}
