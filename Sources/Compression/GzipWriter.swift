import CZlib

/// A streaming compressor that writes one gzip member ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)), based on
/// zlib.
///
/// The struct is `@safe` because its only pointer belongs to it and is never exposed.
@safe public struct GzipWriter: ~Copyable {
    /// zlib could not allocate its state, about 256 KiB.
    public struct OutOfMemory: Error {}

    // zlib's state points back at the stream, so the stream must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Begins a member.
    ///
    /// - Parameter level: The compression level, from 1 (fastest) to 9 (smallest).
    /// - Throws: ``OutOfMemory`` if zlib cannot allocate its state.
    public init(level: Int = 1) throws(OutOfMemory) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // Adding 16 to the window bits selects gzip's header and checksum instead of zlib's own.
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        let status = unsafe deflateInit2_(
            stream, Int32(level), Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY, zlibVersion(), size)
        guard status == Z_OK else { throw OutOfMemory() }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Compresses a part of the data and flushes it, so that a reader can decompress everything written so far.
    ///
    /// - Parameters:
    ///   - input: The next bytes of the data.
    ///   - output: The array to which the compressed bytes are appended.
    public mutating func write(_ input: [UInt8], into output: inout [UInt8]) {
        compress(input, Z_SYNC_FLUSH, into: &output)
    }

    /// Compresses the last part of the data and ends the member.
    ///
    /// - Parameters:
    ///   - input: The last bytes of the data.
    ///   - output: The array to which the remaining compressed bytes are appended.
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
                    // The state is allocated and there is space for output, so deflate cannot fail.
                    unsafe deflate(stream, flush)
                    produced = part.count - Int(unsafe stream.pointee.avail_out)
                }
                output.append(contentsOf: part.prefix(produced))
            } while produced == part.count
        }
    }
}
