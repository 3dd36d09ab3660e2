import CZlib

/// Decompresses gzip ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)) as it comes, through zlib.
///
/// Members follow each other as if they were one; zeros after the last are padding, as gzip itself takes them.
///
/// The struct is `@safe`: the one pointer it has is its own, and never leaves it.
@safe public struct GzipReader: ~Copyable {
    /// Why data cannot be decompressed.
    public enum Fault: Error, Equatable {
        case outOfMemory
        /// It ends before its last member does.
        case truncated
        /// Near this byte, for this reason.
        case damaged(position: Int, reason: String)
        /// From this byte on, after a member, it is something else.
        case trailing(position: Int)
        /// It holds more than was allowed.
        case tooLarge
    }

    private enum Place: Equatable {
        case insideMember, afterMember, insidePadding
    }

    // zlib's state points back at the stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var place = Place.insideMember
    /// The bytes taken in, and where among them the member, or the padding, began.
    private var position = 0
    private var member = 0
    private var written = 0
    private let limit: Int

    /// Begins to read.
    ///
    /// - Parameter limit: The most bytes that may come out.
    /// - Throws: ``Fault/outOfMemory``.
    public init(limit: Int = .max) throws(Fault) {
        self.limit = limit
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 16 more than the window's bits asks for gzip's header and check sum in place of zlib's own.
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(stream, 16 + MAX_WBITS, zlibVersion(), size) == Z_OK else {
            throw .outOfMemory
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Whether `bytes` begin as a member does.
    public static func isCompressed(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0x1F, 0x8B])
    }

    /// Decompresses a part.
    ///
    /// - Parameters:
    ///   - input: What comes next.
    ///   - output: Is added what that holds.
    /// - Throws: ``Fault`` where it is not gzip or holds more than the limit.
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

    /// Says that nothing more comes.
    ///
    /// - Throws: ``Fault/truncated`` where a member has not ended.
    public consuming func finish() throws(Fault) {
        guard place != .insideMember else { throw .truncated }
    }

    private mutating func readMember(_ rest: inout ArraySlice<UInt8>, into output: inout [UInt8]) throws(Fault) {
        // Enough for what most data becomes in one go; zlib counts in 32 bits.
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
            // What follows a member and has no header of its own is no member at all.
            if member > 0, position - member <= 2 { throw .trailing(position: member) }
            let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
            throw .damaged(position: position, reason: reason ?? "zlib error \(status)")
        }
    }
}
