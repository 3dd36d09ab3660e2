/// An HTTP response as it was received.
public struct HTTPAnswer: Sendable, Equatable {
    /// The protocol version, such as `HTTP/1.1`.
    public let version: String
    /// The status code, such as 200.
    public let status: Int
    /// The header fields in the order of the response, with names in lower case.
    public let fields: [(name: String, value: String)]
    /// The body. Empty for a response to HEAD.
    public internal(set) var body: [UInt8]

    /// The value of the first field with this name. The name must be in lower case.
    public subscript(field name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The body decoded as UTF-8.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Returns whether two responses are equal, apart from the date and the request id.
    public static func == (left: HTTPAnswer, right: HTTPAnswer) -> Bool {
        func lasting(_ answer: HTTPAnswer) -> [String] {
            answer.fields.filter { !["date", "x-request-id"].contains($0.name) }.map { "\($0.name): \($0.value)" }
        }
        return left.status == right.status && left.body == right.body && lasting(left) == lasting(right)
    }

    /// Parses the lines before the blank line, or returns `nil` if they are not the head of a response.
    static func head(_ lines: String) -> (version: String, status: Int, fields: [(name: String, value: String)])? {
        let lines = lines.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return nil }
        return (
            String(words[0]), status,
            lines.dropFirst().compactMap { line in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let value = line[line.index(after: colon)...]
                return (line[..<colon].lowercased(), String(value.drop { $0 == " " }))
            }
        )
    }
}
