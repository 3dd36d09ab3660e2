/// Gzip files that are made without a compressor.
public enum GzipBytes {
    /// Returns `content` as one member of stored blocks (RFC 1952; RFC 1951, section 3.2.4).
    public static func stored(_ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var start = 0
        repeat {
            let end = min(start + 0xFFFF, content.count)
            let count = UInt16(end - start)
            bytes.append(end == content.count ? 1 : 0)
            bytes += littleEndian(UInt32(count) | UInt32(~count) << 16)
            bytes += content[start..<end]
            start = end
        } while start < content.count
        return bytes + littleEndian(crc32(content)) + littleEndian(UInt32(truncatingIfNeeded: content.count))
    }

    /// The output of `printf '###1\nMETHODS\tWe counted 12 owls.\n' | gzip -n`.
    public static let compressed: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x53, 0x56, 0x56, 0x36, 0xE4, 0xF2,
        0x75, 0x0D, 0xF1, 0xF0, 0x77, 0x09, 0xE6, 0x0C, 0x4F, 0x55, 0x48, 0xCE, 0x2F, 0xCD, 0x2B, 0x49,
        0x4D, 0x51, 0x30, 0x34, 0x52, 0xC8, 0x2F, 0xCF, 0x29, 0xD6, 0xE3, 0x02, 0x00, 0xDE, 0x85, 0x17,
        0xA1, 0x21, 0x00, 0x00, 0x00,
    ]

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
    }
}
