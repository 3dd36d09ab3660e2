import Glibc

extension SHA256 {
    /// Returns the digest of a file in hexadecimal, or `nil` if the file does not exist or cannot be read.
    public static func hexadecimal(ofFile path: String) -> String? {
        guard let file = unsafe fopen(path, "rb") else { return nil }
        defer { unsafe _ = fclose(file) }
        var digest = SHA256()
        while true {
            let part = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
                count = unsafe fread(buffer.baseAddress, 1, buffer.count, file)
            }
            guard !part.isEmpty else { break }
            digest.update(part)
        }
        return unsafe ferror(file) == 0 ? digest.hexadecimal() : nil
    }
}
