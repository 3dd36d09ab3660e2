import CZlib

/// A streaming decompressor for gzip ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)), based on zlib.
///
/// Consecutive members are decompressed as one. Zero bytes after the last member are ignored as padding, as in gzip
/// itself.
///
/// The struct is `@safe` because its only pointer belongs to it and is never exposed.
@safe public struct GzipReader: ~Copyable {
    /// A reason why data cannot be decompressed.
    public enum Fault: Error, Equatable {
        /// zlib could not allocate its state.
        case outOfMemory
        /// The data end inside a member.
        case truncated
        /// The data are invalid near the byte at `position`, for the `reason` that zlib gives.
        case damaged(position: Int, reason: String)
        /// The data from the byte at `position`, after a member, are not gzip.
        case trailing(position: Int)
        /// The decompressed data exceed the limit.
        case tooLarge
    }

    private enum Place: Equatable {
        case insideMember, afterMember, insidePadding
    }

    // zlib's state points back at the stream, so the stream must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var place = Place.insideMember
    /// The number of bytes consumed. `member` is the position at which the current member, or the padding, began.
    private var position = 0
    private var member = 0
    private var written = 0
    private let limit: Int

    /// Creates a reader.
    ///
    /// - Parameter limit: The most bytes that may be decompressed.
    /// - Throws: ``Fault/outOfMemory`` if zlib cannot allocate its state.
    public init(limit: Int = .max) throws(Fault) {
        self.limit = limit
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // Adding 16 to the window bits selects gzip's header and checksum instead of zlib's own.
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(stream, 16 + MAX_WBITS, zlibVersion(), size) == Z_OK else {
            throw .outOfMemory
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Returns whether `bytes` begin with gzip's two magic bytes.
    public static func isCompressed(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0x1F, 0x8B])
    }

    /// Decompresses the next part of the data.
    ///
    /// - Parameters:
    ///   - input: The next bytes of the compressed data.
    ///   - output: The array to which the decompressed bytes are appended.
    /// - Throws: ``Fault`` if the data are not gzip or exceed the limit.
    public mutating func read(_ input: [UInt8], into output: inout [UInt8]) throws(Fault) {
        var rest = input[...]
        while !rest.isEmpty {
            switch place {
            case .insideMember: try readMember(&rest, into: &output)
            case .afterMember:
                guard unsafe inflateReset(stream) == Z_OK else { throw .outOfMemory }
                member = position
                place = rest.first == 0 ? .insidePadding : .insideMember
            case .insidePadding:
                guard rest.allSatisfy({ $0 == 0 }) else { throw .trailing(position: member) }
                rest = []
            }
        }
    }

    /// Ends the data.
    ///
    /// - Throws: ``Fault/truncated`` if the last member is incomplete.
    public consuming func finish() throws(Fault) {
        guard place != .insideMember else { throw .truncated }
    }

    private mutating func readMember(_ rest: inout ArraySlice<UInt8>, into output: inout [UInt8]) throws(Fault) {
        // Four times the input usually holds all output of one call. zlib counts in 32 bits, hence the limit on the
        // input.
        let readable = min(rest.count, 1 << 28)
        let room = min(max(4 * readable, 1 << 14), 1 << 20)
        var part = [UInt8](repeating: 0, count: room)
        var status = Z_OK
        var produced = 0
        var left = readable
        repeat {
            unsafe rest.withUnsafeBufferPointer { input in
                unsafe part.withUnsafeMutableBufferPointer { part in
                    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                    unsafe stream.pointee.avail_in = uInt(left)
                    unsafe stream.pointee.next_out = part.baseAddress
                    unsafe stream.pointee.avail_out = uInt(room)
                    status = unsafe inflate(stream, Z_NO_FLUSH)
                    produced = room - Int(unsafe stream.pointee.avail_out)
                }
            }
            let consumed = left - Int(unsafe stream.pointee.avail_in)
            rest = rest.dropFirst(consumed)
            left -= consumed
            position += consumed
            written += produced
            guard written <= limit else { throw .tooLarge }
            output.append(contentsOf: part.prefix(produced))
        } while status == Z_OK && (left > 0 || produced == room)
        switch status {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: place = .afterMember
        case Z_MEM_ERROR: throw .outOfMemory
        default:
            // After a member, bytes without a gzip header are trailing data, not a damaged member.
            if member > 0, position - member <= 2 { throw .trailing(position: member) }
            let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
            throw .damaged(position: position, reason: reason ?? "zlib error \(status)")
        }
    }
}
