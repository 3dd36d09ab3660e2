import HTTPTypes
import JSON
public import Labelling

/// What a client asks `/predict` for.
public struct PredictRequest: Sendable {
    /// One abstract of a request.
    public struct Item: Sendable, Equatable {
        /// How the abstract came.
        public enum Content: Sendable, Equatable {
            case text(String)
            case sentences([String])
        }

        /// The client's own name for it.
        public var id: String?
        /// What to label.
        public var content: Content
    }

    /// An item of a batch, or what is wrong with it: a bad item fails alone.
    public struct BatchItem: Sendable {
        /// The client's own name for it, where it could be read.
        public var id: String?
        /// What to label.
        public var content: Result<Item.Content, Problem>

        /// Reads a line of NDJSON: what an element of "abstracts" is.
        ///
        /// - Parameters:
        ///   - line: JSON, without the line's end.
        ///   - limits: The most sentences of an abstract.
        public init(line: [UInt8], limits: RequestLimits) {
            do throws(Problem) {
                self = PredictRequest.batchItem(try PredictRequest.value(line, "the line", limits), "the line", limits)
            } catch {
                self.init(id: nil, content: .failure(error))
            }
        }

        /// A text, unless there is nothing in it.
        init(text: String, _ place: String) {
            self.init(
                id: nil, content: Result { () throws(Problem) in .text(try PredictRequest.notBlank(text, place)) })
        }

        init(id: String?, content: Result<Item.Content, Problem>) {
            self.id = id
            self.content = content
        }
    }

    /// What to label.
    public enum Subject: Sendable {
        case one(Item.Content)
        case batch([BatchItem])
        case texts([Result<String, Problem>])
    }

    /// What to label.
    public let subject: Subject
    /// Whether inline headings decide.
    public let headings: HeadingPolicy

    /// Takes an abstract as plain text.
    ///
    /// - Parameters:
    ///   - body: UTF-8.
    ///   - headings: Whether inline headings decide.
    /// - Throws: ``Problem`` 400 where the body is not UTF-8, 422 where it is empty.
    public init(text body: [UInt8], headings: HeadingPolicy) throws(Problem) {
        let text = try Self.utf8(body, "the body")
        subject = .one(.text(try Self.notBlank(text, "the body")))
        self.headings = headings
    }

    /// Reads a JSON request.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - headings: What applies unless the body has a member `headings`.
    ///   - limits: The most items of a request.
    /// - Throws: ``Problem`` 400 where the body is not JSON (saying where), 422 where it is not a request (naming the
    ///   member, what was expected and what was found).
    public init(json body: [UInt8], headings: HeadingPolicy, limits: RequestLimits) throws(Problem) {
        guard !body.isEmpty else {
            throw Problem(.badRequest, "the body is empty; expected JSON such as {\"abstract\": \"…\"}.")
        }
        let value = try Self.value(body, "the body", limits)
        guard case .object(let members) = value else {
            throw Problem(.unprocessableContent, "the body is \(value.kind); expected an object with \(Self.choices).")
        }
        self.headings = try Self.headings(members["headings"], default: headings)
        let given = ["abstract", "sentences", "abstracts", "texts"].filter { members[$0] != nil }
        guard given.count == 1, let name = given.first, let content = members[name] else {
            throw Problem(
                .unprocessableContent,
                given.isEmpty
                    ? "the body has none of the members \(Self.choices)."
                    : "the body has the members \(given.joined(separator: " and ")); expected one of \(Self.choices).")
        }
        switch name {
        case "abstract": subject = .one(.text(try Self.text(content, name)))
        case "sentences": subject = .one(.sentences(try Self.sentences(content, name, limits)))
        case "texts":
            let texts = try Self.array(content, name, atMost: limits.items)
            subject = .texts(
                texts.enumerated().map { index, text in
                    Result { () throws(Problem) in try Self.string(text, "texts[\(index)]") }
                })
        default:
            let items = try Self.array(content, name, atMost: limits.items)
            subject = .batch(items.enumerated().map { Self.batchItem($1, "abstracts[\($0)]", limits) })
        }
    }

    private static let choices = "\"abstract\", \"sentences\", \"abstracts\" or \"texts\""

    static func value(_ bytes: [UInt8], _ what: String, _ limits: RequestLimits) throws(Problem) -> JSONValue {
        _ = try utf8(bytes, what)
        var json = JSONReader(bytes, valuesAtMost: limits.values)
        do {
            let value = try json.value()
            try json.end()
            return value
        } catch {
            guard !json.hasTooManyValues else {
                throw Problem(
                    .unprocessableContent,
                    "\(what) has more than \(limits.values) JSON values; this service takes no more. Send several requests."
                )
            }
            let (line, column) = error.place(in: bytes)
            throw Problem(.badRequest, "\(what) is not valid JSON: line \(line), column \(column): \(error.reason).")
        }
    }

    private static func batchItem(_ value: JSONValue, _ path: String, _ limits: RequestLimits) -> BatchItem {
        var id: String?
        do throws(Problem) {
            switch value {
            case .string:
                return BatchItem(id: nil, content: .success(.text(try text(value, path))))
            case .object(let members):
                switch members["id"] {
                case .string(let name)?: id = name
                case nil, .null?: break
                case let other?:
                    throw Problem(.unprocessableContent, "\(path).id is \(other.kind); expected a string.")
                }
                switch (members["text"], members["sentences"]) {
                case (let value?, nil):
                    return BatchItem(id: id, content: .success(.text(try text(value, "\(path).text"))))
                case (nil, let value?):
                    return BatchItem(
                        id: id, content: .success(.sentences(try sentences(value, "\(path).sentences", limits))))
                default:
                    throw Problem(
                        .unprocessableContent, "\(path) must have one of the members \"text\" and \"sentences\".")
                }
            default:
                throw Problem(
                    .unprocessableContent,
                    "\(path) is \(value.kind); expected a string or an object with \"text\" or \"sentences\".")
            }
        } catch {
            return BatchItem(id: id, content: .failure(error))
        }
    }

    private static func headings(_ value: JSONValue?, default fallback: HeadingPolicy) throws(Problem) -> HeadingPolicy
    {
        guard let value else { return fallback }
        guard case .string(let name) = value, let policy = HeadingPolicy(rawValue: name) else {
            let found = if case .string(let name) = value { "\"\(name)\"" } else { value.kind }
            throw Problem(.unprocessableContent, "headings is \(found); expected \"use\" or \"ignore\".")
        }
        return policy
    }

    private static func string(_ value: JSONValue, _ path: String) throws(Problem) -> String {
        guard case .string(let text) = value else {
            throw Problem(.unprocessableContent, "\(path) is \(value.kind); expected a string.")
        }
        return text
    }

    private static func text(_ value: JSONValue, _ path: String) throws(Problem) -> String {
        try notBlank(try string(value, path), path)
    }

    fileprivate static func notBlank(_ text: String, _ path: String) throws(Problem) -> String {
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw Problem(
                .unprocessableContent,
                text.isEmpty
                    ? "\(path) is empty; expected the text of an abstract."
                    : "\(path) holds nothing but space; expected the text of an abstract.")
        }
        return text
    }

    private static func array(_ value: JSONValue, _ path: String, atMost limit: Int) throws(Problem) -> [JSONValue] {
        guard case .array(let elements) = value else {
            throw Problem(.unprocessableContent, "\(path) is \(value.kind); expected an array.")
        }
        guard !elements.isEmpty else {
            throw Problem(.unprocessableContent, "\(path) is empty; expected one element at least.")
        }
        guard elements.count <= limit else {
            throw Problem(
                .unprocessableContent,
                "\(path) has \(elements.count) elements; this service takes \(limit) at most. Send several requests.")
        }
        return elements
    }

    private static func sentences(
        _ value: JSONValue, _ path: String, _ limits: RequestLimits
    ) throws(Problem) -> [String] {
        let elements = try array(value, path, atMost: limits.sentences)
        var sentences: [String] = []
        sentences.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            sentences.append(try text(element, "\(path)[\(index)]"))
        }
        return sentences
    }

    private static func utf8(_ body: [UInt8], _ what: String) throws(Problem) -> String {
        guard let text = String(validating: body, as: UTF8.self) else {
            // Unicode's recommended repair puts U+FFFD at the first byte that is at fault.
            var decoder = UTF8()
            var bytes = body.makeIterator()
            var valid = 0
            while case .scalarValue(let scalar) = decoder.decode(&bytes) { valid += UTF8.width(scalar) }
            throw Problem(.badRequest, "\(what) is not UTF-8: byte \(valid) begins no valid character.")
        }
        return text
    }
}

extension UTF8 {
    /// The bytes a scalar takes.
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { UTF8.encode(scalar)?.count ?? 1 }
}

/// What one request may hold.
public struct RequestLimits: Sendable, Equatable {
    /// Bytes of a body.
    public var bodyBytes = 8 << 20
    /// Lines of a stream that are in progress at once: enough for several batches of common abstracts.
    static let linesInProgress = 32

    /// Bytes of a stream's line, so that those in progress are no more than a body; an abstract has a few thousand.
    var lineBytes: Int { min(bodyBytes, max(1 << 16, bodyBytes / Self.linesInProgress)) }

    /// Abstracts or texts.
    public var items = 1_000
    /// Sentences, of all abstracts together.
    public var sentences = 20_000

    /// The JSON values of a body: what items and sentences take, and enough beside them for a message to name what is too many.
    var values: Int { 10_000 + 10 * (items + sentences) }

    /// Bytes of the bodies that are held at once, of all requests together.
    var heldBytes: Int { 4 * bodyBytes }

    /// The defaults.
    public init() {}
}
