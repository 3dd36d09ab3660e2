import CZlib

/// The two functions of zlib that zip archives need: CRC-32 and raw inflation.
enum Deflate {
    /// The highest compression ratio that deflate can reach. A record that claims more is not a deflated record.
    static let highestRatio = 1032

    /// Returns the CRC-32 of `bytes` as zip defines it.
    static func crc32(_ bytes: RawSpan) -> UInt32 {
        unsafe bytes.withUnsafeBytes { buffer in
            UInt32(
                truncatingIfNeeded: unsafe crc32_z(
                    0, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count))
        }
    }

    /// Decompresses a raw deflate stream to `count` bytes. Returns `nil` if the stream is damaged or its size differs.
    ///
    /// Never writes more than `count` bytes.
    static func inflate(_ bytes: RawSpan, count: Int) -> [UInt8]? {
        var isComplete = false
        let inflated = unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initializedCount in
            unsafe bytes.withUnsafeBytes { input in
                (initializedCount, isComplete) = unsafe inflate(input, into: output, count: count)
            }
        }
        return isComplete && inflated.count == count ? inflated : nil
    }

    /// Returns the number of bytes written, and whether the stream was complete.
    private static func inflate(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<UInt8>, count: Int
    ) -> (written: Int, isComplete: Bool) {
        var stream = unsafe z_stream()
        let version = unsafe zlibVersion()
        guard unsafe inflateInit2_(&stream, -MAX_WBITS, version, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return (0, false)
        }
        defer { unsafe inflateEnd(&stream) }
        var read = 0
        var written = 0
        // zlib counts in 32 bits, so larger records are processed in parts. There is never space for more than `count`
        // bytes, so a stream with more output does not reach its end and is refused.
        let part = 1 << 30
        while true {
            let readable = min(input.count - read, part)
            let writable = min(count - written, part)
            // zlib requires non-null pointers even for empty buffers, so `spare` takes their place.
            var spare: UInt8 = 0
            let status = unsafe withUnsafeMutablePointer(to: &spare) { spare in
                unsafe stream.next_in =
                    UnsafeMutablePointer(
                        mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    ).map { unsafe $0 + read } ?? spare
                unsafe stream.avail_in = uInt(readable)
                unsafe stream.next_out = writable > 0 ? output.baseAddress.map { unsafe $0 + written } ?? spare : spare
                unsafe stream.avail_out = uInt(writable)
                return unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
            }
            read += readable - Int(unsafe stream.avail_in)
            written += writable - Int(unsafe stream.avail_out)
            if status == Z_STREAM_END { return (written, read == input.count) }
            let advanced = unsafe Int(stream.avail_in) < readable || Int(stream.avail_out) < writable
            guard status == Z_OK, advanced else { return (written, false) }
        }
    }
}
