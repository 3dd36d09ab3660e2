import CZlib

/// The two things zip needs of zlib.
enum Deflate {
    /// Compression never gains more than this factor, so a record that promises more is no deflated record.
    static let highestRatio = 1032

    /// The CRC-32 of `bytes` as zip counts it.
    static func crc32(_ bytes: RawSpan) -> UInt32 {
        unsafe bytes.withUnsafeBytes { buffer in
            UInt32(
                truncatingIfNeeded: unsafe crc32_z(
                    0, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count))
        }
    }

    /// The `count` bytes a raw deflate stream inflates to; `nil` where it is damaged or yields another number.
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

    /// The bytes written, and whether the stream came to its end.
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
        // zlib counts in 32 bits, so larger records go through in parts. One byte of room beyond `count` is never
        // offered: a stream that would yield more does not reach its end, and is refused.
        let part = 1 << 30
        while true {
            let readable = min(input.count - read, part)
            let writable = min(count - written, part)
            // zlib demands a buffer even for nothing, so an empty one stands in.
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
