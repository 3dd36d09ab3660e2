/// Returns a part of a header field in lower case, with a question mark for each byte that is not ASCII.
///
/// All names in header fields that the service knows are ASCII, and ASCII strings are compared byte by byte.
///
/// - Parameters:
///   - part: The bytes of the part.
///   - dropped: ASCII characters to leave out, such as white space.
/// - Returns: An ASCII string.
func asciiToken(_ part: some Sequence<UInt8>, without dropped: String = "") -> String {
    var bytes: [UInt8] = []
    for byte in part where !dropped.utf8.contains(byte) {
        let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        bytes.append(byte >= 0x80 ? UInt8(ascii: "?") : isCapital ? byte | 0x20 : byte)
    }
    return String(decoding: bytes, as: UTF8.self)
}
