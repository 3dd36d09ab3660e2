extension [UInt8] {
    /// Returns an HTTP request as it is sent.
    ///
    /// - Parameters:
    ///   - line: The method and the target, such as `GET /health`.
    ///   - fields: Header fields, such as `Content-Type: text/plain`. `Host` and `Content-Length` are added.
    ///   - body: The body. If it is `nil`, `Content-Length` is not added.
    /// - Returns: The bytes of the head and the body.
    public static func request(_ line: String, fields: [String] = [], body: [UInt8]? = nil) -> [UInt8] {
        var lines = ["\(line) HTTP/1.1", "Host: localhost"] + fields
        if let body { lines.append("Content-Length: \(body.count)") }
        return Array((lines + ["", ""]).joined(separator: "\r\n").utf8) + (body ?? [])
    }

    /// Returns a `POST /predict` request with a JSON body.
    public static func predict(_ json: String, query: String = "", fields: [String] = []) -> [UInt8] {
        request(
            "POST /predict\(query)", fields: ["Content-Type: application/json"] + fields, body: Array(json.utf8))
    }

    /// Returns the bytes in the chunked transfer coding (RFC 9112, section 7.1), including the last chunk.
    public func chunked(by size: Int) -> [UInt8] {
        var result: [UInt8] = []
        for start in stride(from: 0, to: count, by: size) {
            let chunk = self[start..<Swift.min(start + size, count)]
            result += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [0x0D, 0x0A]
        }
        return result + Array("0\r\n\r\n".utf8)
    }
}
