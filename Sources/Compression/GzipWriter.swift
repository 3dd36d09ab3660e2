import CZlib

/// Compresses to one gzip member ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)) as data comes, through zlib.
///
/// The struct is `@safe`: the one pointer it has is its own, and never leaves it.
@safe public struct GzipWriter: ~Copyable {
    /// There is not enough memory, some 256 KiB.
    public struct OutOfMemory: Error {}

    // zlib's state points back at the stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Begins a member.
    ///
    /// - Parameter level: 1, the fastest, to 9, the smallest.
    /// - Throws: ``OutOfMemory``.
    public init(level: Int = 1) throws(OutOfMemory) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 16 more than the window's bits asks for gzip's header and check sum in place of zlib's own.
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        let status = unsafe deflateInit2_(
            stream, Int32(level), Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY, zlibVersion(), size)
        guard status == Z_OK else { throw OutOfMemory() }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Compresses a part, so that a reader can read it to its end at once.
    ///
    /// - Parameters:
    ///   - input: What comes next.
    ///   - output: Is added what can be sent.
    public mutating func write(_ input: [UInt8], into output: inout [UInt8]) {
        compress(input, Z_SYNC_FLUSH, into: &output)
    }

    /// Compresses the last part and ends the member.
    ///
    /// - Parameters:
    ///   - input: What comes last.
    ///   - output: Is added the rest.
    public consuming func finish(_ input: [UInt8] = [], into output: inout [UInt8]) {
        compress(input, Z_FINISH, into: &output)
    }

    private func compress(_ input: [UInt8], _ flush: Int32, into output: inout [UInt8]) {
        var part = [UInt8](repeating: 0, count: 1 << 14)
        unsafe input.withUnsafeBufferPointer { input in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = uInt(input.count)
            var produced = 0
            repeat {
                unsafe part.withUnsafeMutableBufferPointer { part in
                    unsafe stream.pointee.next_out = part.baseAddress
                    unsafe stream.pointee.avail_out = uInt(part.count)
                    // Memory in and out is at hand, so nothing can go wrong from here on.
                    unsafe deflate(stream, flush)
                    produced = part.count - Int(unsafe stream.pointee.avail_out)
                }
                output.append(contentsOf: part.prefix(produced))
            } while produced == part.count
        }
    }
}
