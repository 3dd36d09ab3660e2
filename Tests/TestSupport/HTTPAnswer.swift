/// An answer as it came over the wire.
public struct HTTPAnswer: Sendable, Equatable {
    /// Such as `HTTP/1.1`.
    public let version: String
    /// Such as 200.
    public let status: Int
    /// In the order they came, names in lower case.
    public let fields: [(name: String, value: String)]
    /// Empty for an answer to HEAD.
    public internal(set) var body: [UInt8]

    /// The value of the first field of this name, in lower case.
    public subscript(field name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Whether all but the date and the request's name is the same.
    public static func == (left: HTTPAnswer, right: HTTPAnswer) -> Bool {
        func lasting(_ answer: HTTPAnswer) -> [String] {
            answer.fields.filter { !["date", "x-request-id"].contains($0.name) }.map { "\($0.name): \($0.value)" }
        }
        return left.status == right.status && left.body == right.body && lasting(left) == lasting(right)
    }

    /// Reads the lines before the blank one; `nil` where they are no answer's.
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
