/// Returns a part of a header field in lower case, without white space and quotation marks; `nil` if it is not ASCII.
///
/// All names in header fields that the service knows are ASCII, and ASCII strings are compared byte by byte.
func asciiToken(_ part: some Sequence<UInt8>) -> String? {
    var bytes: [UInt8] = []
    for byte in part where byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") && byte != UInt8(ascii: "\"") {
        guard byte < 0x80 else { return nil }
        bytes.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
    }
    return String(decoding: bytes, as: UTF8.self)
}
