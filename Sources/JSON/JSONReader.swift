/// Reads JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)) front to back, exactly as it is written.
///
/// Foundation's decoder will not do for what strangers send: it takes trailing commas, loses duplicate members and their order,
/// says not where the text is at fault, and takes seconds over megabytes of small values.
public struct JSONReader: Sendable {
    /// How deep values may nest.
    public static let depthLimit = 64

    let bytes: [UInt8]
    /// How many values may still be read as a ``JSONValue``: each takes much more memory than the two bytes that it may be spelt in.
    private var valuesLeft: Int
    /// The next byte to read, from 0.
    public internal(set) var position = 0

    /// Reads from the first byte on; a byte order mark is passed over.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8.
    ///   - limit: The most values that ``value()`` makes in all, those within others included.
    public init(_ bytes: [UInt8], valuesAtMost limit: Int = .max) {
        self.bytes = bytes
        valuesLeft = limit
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Whether reading ended at the limit of values.
    public var hasTooManyValues: Bool { valuesLeft < 0 }

    /// A fault at the current position.
    public func fault(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(reason: reason, position: position)
    }

    /// The next byte that is not white space, without passing it; `nil` at the end.
    public mutating func peek() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return bytes[position]
            }
        }
        return nil
    }

    /// Passes an object, calling `member` with each name, which must pass the value.
    public mutating func object(
        _ member: (inout JSONReader, String) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        guard passes("{") else { throw unexpected("\"{\"") }
        if passes("}") { return }
        repeat {
            guard peek() == UInt8(ascii: "\"") else { throw unexpected("a member's name in quotation marks") }
            let name = try string()
            guard passes(":") else { throw unexpected("\":\"") }
            try member(&self, name)
        } while passes(",")
        guard passes("}") else { throw unexpected("\",\" or \"}\"") }
    }

    /// Passes an array, calling `element`, which must pass one element, for each.
    public mutating func array(
        _ element: (inout JSONReader) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        guard passes("[") else { throw unexpected("\"[\"") }
        if passes("]") { return }
        repeat { try element(&self) } while passes(",")
        guard passes("]") else { throw unexpected("\",\" or \"]\"") }
    }

    /// Passes an integer from 0 up.
    public mutating func count() throws(JSONSyntaxError) -> Int {
        guard let first = peek(), isDigit(first) else { throw unexpected("an integer from 0 up") }
        let start = position
        try number()
        var value = 0
        for byte in bytes[start..<position] {
            guard isDigit(byte) else { throw fault("expected an integer, found a fraction") }
            let (tenfold, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = tenfold.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !tooLarge, !overflow else { throw fault("expected an integer below 2^63, found a larger one") }
            value = sum
        }
        return value
    }

    /// Passes `null` and says true, or passes nothing.
    public mutating func skipNull() throws(JSONSyntaxError) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    /// Passes a value of any kind.
    public mutating func skipValue() throws(JSONSyntaxError) {
        _ = try value()
    }

    /// Passes a value of any kind. Of members of one name the last counts, as it does in JavaScript and Python.
    public mutating func value() throws(JSONSyntaxError) -> JSONValue {
        try value(depth: 0)
    }

    /// Checks that only white space is left.
    public mutating func end() throws(JSONSyntaxError) {
        guard peek() == nil else { throw unexpected("the end of the JSON") }
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < Self.depthLimit else { throw fault("values nest more than \(Self.depthLimit) deep") }
        valuesLeft -= 1
        guard !hasTooManyValues else { throw fault("there are too many values") }
        switch peek() {
        case UInt8(ascii: "{"):
            var members: [String: JSONValue] = [:]
            try object { (json, name) throws(JSONSyntaxError) in members[name] = try json.value(depth: depth + 1) }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try array { (json) throws(JSONSyntaxError) in elements.append(try json.value(depth: depth + 1)) }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        case let byte? where byte == UInt8(ascii: "-") || isDigit(byte):
            let start = position
            try number()
            return .number(Double(String(decoding: bytes[start..<position], as: UTF8.self)) ?? .nan)
        default: throw unexpected("a value")
        }
    }

    private mutating func number() throws(JSONSyntaxError) {
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let first = position
        guard passDigits() else { throw unexpected("a digit") }
        guard bytes[first] != UInt8(ascii: "0") || position == first + 1 else {
            throw fault("a number must not begin with a zero")
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard passDigits() else { throw unexpected("a digit") }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard passDigits() else { throw unexpected("a digit") }
        }
    }

    private mutating func word(_ word: String) throws(JSONSyntaxError) {
        guard bytes[position...].starts(with: word.utf8) else { throw unexpected("a value") }
        position += word.utf8.count
    }

    /// Whether there was a digit.
    private mutating func passDigits() -> Bool {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        return position > start
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func passes(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    func unexpected(_ expected: String) -> JSONSyntaxError {
        guard position < bytes.count else { return fault("expected \(expected), but the JSON ends") }
        let rest = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
        return fault("expected \(expected), found \"\(rest.unicodeScalars.first.map(String.init) ?? "")\"")
    }
}
