import CZlib
import Evaluation

/// Decompresses gzip ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)) through zlib.
enum Gzip {
    /// Whether `bytes` begin as a gzip member does.
    static func isCompressed(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0x1F, 0x8B])
    }

    /// What all members of `bytes` hold, one after the other.
    ///
    /// Zeros after the last member are padding, as gzip itself takes them.
    static func decompress(_ bytes: [UInt8], name: String) throws(CorpusError) -> [UInt8] {
        let result = unsafe bytes.withUnsafeBufferPointer { input in
            var stream = unsafe z_stream()
            // zlib's state points back at the stream, which therefore must not move between calls.
            return unsafe withUnsafeMutablePointer(to: &stream) { unsafe decompress(input, $0) }
        }
        switch result {
        case .success(let output): return output
        case .failure(.outOfMemory):
            throw CorpusError(file: name, "there is not enough memory to decompress it; give it in smaller files.")
        case .failure(.truncated):
            throw CorpusError(
                file: name, "its gzip data ends too early, after \(bytes.count) bytes; copy or download it again.")
        case .failure(.damaged(let position, let reason)):
            throw CorpusError(
                file: name, "its gzip data is damaged near byte \(position) (\(reason)); copy or download it again.")
        case .failure(.trailing(let position)):
            throw CorpusError(
                file: name,
                "from byte \(position) on, after its gzip data, there is something that is not gzip; copy or download it again."
            )
        }
    }

    private enum Fault: Error {
        case outOfMemory
        case truncated
        case damaged(position: Int, reason: String)
        case trailing(position: Int)
    }

    private static func decompress(
        _ input: UnsafeBufferPointer<UInt8>, _ stream: UnsafeMutablePointer<z_stream>
    ) -> Result<[UInt8], Fault> {
        // 16 more than the window's bits asks for gzip's header and check sum in place of zlib's own.
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(stream, 16 + MAX_WBITS, zlibVersion(), size) == Z_OK else {
            return .failure(.outOfMemory)
        }
        defer { unsafe inflateEnd(stream) }
        var output: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 18)
        var read = 0
        while true {
            // zlib counts in 32 bits.
            let readable = min(input.count - read, 1 << 30)
            let status = unsafe part.withUnsafeMutableBufferPointer { part in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress).map {
                    unsafe $0 + read
                }
                unsafe stream.pointee.avail_in = uInt(readable)
                unsafe stream.pointee.next_out = part.baseAddress
                unsafe stream.pointee.avail_out = uInt(part.count)
                let status = unsafe inflate(stream, Z_NO_FLUSH)
                unsafe output.append(
                    contentsOf: UnsafeBufferPointer(rebasing: part[..<(part.count - Int(stream.pointee.avail_out))]))
                return status
            }
            read += readable - Int(unsafe stream.pointee.avail_in)
            switch status {
            case Z_OK: continue
            case Z_STREAM_END:
                let rest = unsafe input[read...]
                if unsafe rest.allSatisfy({ $0 == 0 }) { return .success(output) }
                guard unsafe isCompressed(rest) else { return .failure(.trailing(position: read)) }
                guard unsafe inflateReset(stream) == Z_OK else { return .failure(.outOfMemory) }
            case Z_BUF_ERROR: return .failure(.truncated)
            case Z_MEM_ERROR: return .failure(.outOfMemory)
            default:
                let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
                return .failure(.damaged(position: read, reason: reason ?? "zlib error \(status)"))
            }
        }
    }
}
