import JSON
public import Labelling
internal import Text

/// A request to `/predict`.
public struct PredictRequest: Sendable {
    /// One abstract in a request.
    public struct Item: Sendable, Equatable {
        /// The abstract as a text, or divided into sentences by the client.
        public enum Content: Sendable, Equatable {
            case text(String)
            case sentences([String])
        }

        /// The client's own name for the abstract.
        public var id: String?
        /// The text or the sentences.
        public var content: Content
    }

    /// An item of a batch, or the reason why it is invalid: an invalid item does not fail the others.
    public struct BatchItem: Sendable {
        /// The client's own name for the item, if it could be read.
        public var id: String?
        /// The text or the sentences, or the reason why they are invalid.
        public var content: Result<Item.Content, LabellingFailure>

        /// Reads a line of NDJSON, which holds the same as an element of the member "abstracts".
        ///
        /// - Parameters:
        ///   - line: One JSON value, without the line feed.
        ///   - limits: The limits of one request.
        public init(line: [UInt8], limits: RequestLimits) {
            do throws(LabellingFailure) {
                self = PredictRequest.batchItem(
                    try PredictRequest.value(line, PredictRequest.line, limits, for: nil), PredictRequest.line, limits)
            } catch {
                self.init(id: nil, content: .failure(error))
            }
        }

        /// Creates an item from a text. A blank text makes it invalid.
        init(text: String, _ place: String) {
            self.init(
                id: nil,
                content: Result { () throws(LabellingFailure) in .text(try PredictRequest.notBlank(text, place)) })
        }

        init(id: String?, content: Result<Item.Content, LabellingFailure>) {
            self.id = id
            self.content = content
        }
    }

    /// One abstract, several abstracts, or several texts that are labelled as wholes.
    public enum Subject: Sendable {
        case one(Item.Content)
        case batch([BatchItem])
        case texts([Result<String, LabellingFailure>])
    }

    /// The abstracts or texts to label.
    public let subject: Subject
    /// Whether inline headings decide the labels of their sections.
    public let headings: HeadingPolicy

    /// Reads an abstract sent as plain text.
    ///
    /// - Parameters:
    ///   - body: The text in UTF-8.
    ///   - headings: Whether inline headings decide.
    ///   - place: The source of the text, for errors.
    /// - Throws: ``LabellingFailure``: malformed if the body is not UTF-8, invalid if it is blank.
    public init(
        text body: [UInt8], headings: HeadingPolicy, place: String = "the body"
    ) throws(LabellingFailure) {
        let text = try Self.utf8(body, place)
        subject = .one(.text(try Self.notBlank(text, place)))
        self.headings = headings
    }

    /// Reads a JSON request.
    ///
    /// - Parameters:
    ///   - body: JSON in UTF-8.
    ///   - headings: The policy if the body has no member `headings`.
    ///   - limits: The limits of one request.
    ///   - caller: The client that waits; `nil` if the work cannot be cancelled.
    /// - Throws: ``LabellingFailure``: malformed if the body is not JSON (with line and column), invalid if it is not a
    ///   request (with the member, what was expected and what was found); deadlineExceeded or clientGone.
    public init(
        json body: [UInt8], headings: HeadingPolicy, limits: RequestLimits, for caller: Caller? = nil
    ) throws(LabellingFailure) {
        guard !body.isEmpty else {
            throw LabellingFailure.malformed("the body is empty; expected JSON such as {\"abstract\": \"…\"}.")
        }
        let value = try Self.value(body, "the body", limits, for: caller)
        guard case .object(let members) = value else {
            throw LabellingFailure.invalid("the body is \(value.kind); expected an object with \(Self.choices).")
        }
        self.headings = try Self.headings(members["headings"], default: headings)
        let given = ["abstract", "sentences", "abstracts", "texts"].filter { members[JSONKey($0)] != nil }
        guard given.count == 1, let name = given.first, let content = members[JSONKey(name)] else {
            throw LabellingFailure.invalid(
                given.isEmpty
                    ? "the body has none of the members \(Self.choices)."
                    : "the body has the members \(given.joined(separator: " and ")); expected exactly one of \(Self.choices)."
            )
        }
        switch name {
        case "abstract": subject = .one(.text(try Self.text(content, name)))
        case "sentences": subject = .one(.sentences(try Self.sentences(content, name, limits)))
        case "texts":
            let texts = try Self.array(content, name, atMost: limits.items)
            subject = .texts(
                texts.enumerated().map { index, text in
                    Result { () throws(LabellingFailure) in try Self.string(text, "texts[\(index)]") }
                })
        default:
            let items = try Self.array(content, name, atMost: limits.items)
            subject = .batch(items.enumerated().map { Self.batchItem($1, "abstracts[\($0)]", limits) })
        }
    }

    /// The place of a line of NDJSON, whose file or number the caller adds.
    private static let line = "the line"

    /// The place of a member, such as `abstracts[2].text`.
    private static func member(_ name: String, of place: String) -> String {
        place == line ? name : "\(place).\(name)"
    }

    private static let choices = "\"abstract\", \"sentences\", \"abstracts\" or \"texts\""

    static func value(
        _ bytes: [UInt8], _ what: String, _ limits: RequestLimits, for caller: Caller?
    ) throws(LabellingFailure) -> JSONValue {
        _ = try utf8(bytes, what)
        var json = JSONReader(
            bytes, valuesAtMost: limits.values, isCancelled: caller?.isUnwanted)
        do {
            let value = try json.value()
            try json.end()
            return value
        } catch {
            if json.wasCancelled { try caller?.check() }
            guard !json.hasTooManyValues else {
                throw LabellingFailure.invalid(
                    "\(what) has more than \(limits.values) JSON values, the limit of this service. Split the request into several."
                )
            }
            let (row, column) = error.place(in: bytes)
            let place = what == line ? "column \(column)" : "line \(row), column \(column)"
            throw LabellingFailure.malformed("\(what) is not valid JSON: \(place): \(error.reason).")
        }
    }

    private static func batchItem(_ value: JSONValue, _ path: String, _ limits: RequestLimits) -> BatchItem {
        var id: String?
        do throws(LabellingFailure) {
            switch value {
            case .string:
                return BatchItem(id: nil, content: .success(.text(try text(value, path))))
            case .object(let members):
                switch members["id"] {
                case .string(let name)?: id = name
                case nil, .null?: break
                case let other?:
                    throw LabellingFailure.invalid("\(member("id", of: path)) is \(other.kind); expected a string.")
                }
                switch (members["text"], members["sentences"]) {
                case (let value?, nil):
                    return BatchItem(id: id, content: .success(.text(try text(value, member("text", of: path)))))
                case (nil, let value?):
                    return BatchItem(
                        id: id,
                        content: .success(.sentences(try sentences(value, member("sentences", of: path), limits))))
                case (let text, _):
                    throw LabellingFailure.invalid(
                        "\(path) has \(text == nil ? "neither" : "both") \"text\" \(text == nil ? "nor" : "and") \"sentences\"; expected exactly one of them."
                    )
                }
            default:
                throw LabellingFailure.invalid(
                    "\(path) is \(value.kind); expected a string or an object with \"text\" or \"sentences\".")
            }
        } catch {
            return BatchItem(id: id, content: .failure(error))
        }
    }

    private static func headings(_ value: JSONValue?, default fallback: HeadingPolicy) throws(LabellingFailure)
        -> HeadingPolicy
    {
        guard let value else { return fallback }
        guard case .string(let name) = value, let policy = HeadingPolicy(bytesOf: name) else {
            let found = if case .string(let name) = value { name.excerpt } else { value.kind }
            throw LabellingFailure.invalid("headings is \(found); expected \"use\" or \"ignore\".")
        }
        return policy
    }

    private static func string(_ value: JSONValue, _ path: String) throws(LabellingFailure) -> String {
        guard case .string(let text) = value else {
            throw LabellingFailure.invalid("\(path) is \(value.kind); expected a string.")
        }
        return text
    }

    private static func text(_ value: JSONValue, _ path: String) throws(LabellingFailure) -> String {
        try notBlank(try string(value, path), path)
    }

    fileprivate static func notBlank(_ text: String, _ path: String) throws(LabellingFailure) -> String {
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw LabellingFailure.invalid(
                text.isEmpty
                    ? "\(path) is empty; expected the text of an abstract."
                    : "\(path) contains only white space; expected the text of an abstract.")
        }
        return text
    }

    private static func array(_ value: JSONValue, _ path: String, atMost limit: Int) throws(LabellingFailure)
        -> [JSONValue]
    {
        guard case .array(let elements) = value else {
            throw LabellingFailure.invalid("\(path) is \(value.kind); expected an array.")
        }
        guard !elements.isEmpty else {
            throw LabellingFailure.invalid("\(path) is empty; expected at least one element.")
        }
        guard elements.count <= limit else {
            throw LabellingFailure.invalid(
                "\(path) has \(elements.count) elements; the limit is \(limit). Split the request into several.")
        }
        return elements
    }

    private static func sentences(
        _ value: JSONValue, _ path: String, _ limits: RequestLimits
    ) throws(LabellingFailure) -> [String] {
        let elements = try array(value, path, atMost: limits.sentences)
        var sentences: [String] = []
        sentences.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            sentences.append(try text(element, "\(path)[\(index)]"))
        }
        return sentences
    }

    private static func utf8(_ body: [UInt8], _ what: String) throws(LabellingFailure) -> String {
        guard let text = String(validating: body, as: UTF8.self) else {
            // The decoder stops at the first byte that is not part of a valid character, where Unicode recommends to
            // put U+FFFD.
            var decoder = UTF8()
            var bytes = body.makeIterator()
            var valid = 0
            while case .scalarValue(let scalar) = decoder.decode(&bytes) { valid += UTF8.width(scalar) }
            throw LabellingFailure.malformed(
                "\(what) is not UTF-8: the byte at offset \(valid) does not begin a valid character.")
        }
        return text
    }
}

extension UTF8 {
    /// The number of bytes that encode a scalar.
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { UTF8.encode(scalar)?.count ?? 1 }
}
