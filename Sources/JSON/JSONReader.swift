/// A strict reader of JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)) that reads a document from front to
/// back.
///
/// Foundation's decoder is unsuitable for untrusted input. It accepts trailing commas, drops duplicate members and the
/// order of members, does not report the position of an error, and takes seconds for megabytes of small values.
public struct JSONReader: Sendable {
    /// The maximum nesting depth of values.
    public static let depthLimit = 64
    /// The maximum length of a member's name in bytes. Names of tensors have at most a few hundred.
    public static let nameLimit = 4_096

    let bytes: [UInt8]
    /// The number of values that may still be read as a ``JSONValue``. Each needs much more memory than the two bytes
    /// that it may take in the document.
    private var valuesLeft: Int
    /// Asked after every few thousand values whether the work is cancelled.
    private let isCancelled: (@Sendable () -> Bool)?
    /// Whether reading stopped because the work was cancelled.
    public private(set) var wasCancelled = false
    /// The index of the next byte to read.
    public internal(set) var position = 0

    /// Creates a reader at the first byte, or after a byte order mark.
    ///
    /// - Parameters:
    ///   - bytes: The document as UTF-8.
    ///   - limit: The most values that ``value()`` creates in total, including nested ones.
    ///   - isCancelled: Whether the work is cancelled; asked after every few thousand values.
    public init(_ bytes: [UInt8], valuesAtMost limit: Int = .max, isCancelled: (@Sendable () -> Bool)? = nil) {
        self.isCancelled = isCancelled
        self.bytes = bytes
        valuesLeft = limit
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Whether reading stopped because the limit on values was exceeded.
    public var hasTooManyValues: Bool { valuesLeft < 0 }

    /// Returns an error at the current position.
    public func fault(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(reason: reason, position: position)
    }

    /// Skips whitespace and returns the next byte without reading it, or `nil` at the end of the document.
    public mutating func peek() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return bytes[position]
            }
        }
        return nil
    }

    /// Reads an object. Calls `member` with the name of each member; `member` must read the value.
    public mutating func object(
        _ member: (inout JSONReader, JSONKey) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        guard passes("{") else { throw unexpected("\"{\"") }
        if passes("}") { return }
        repeat {
            guard peek() == UInt8(ascii: "\"") else { throw unexpected("a member's name in quotation marks") }
            let name = JSONKey(try string())
            guard name.text.utf8.count <= Self.nameLimit else {
                throw fault("a member's name is longer than \(Self.nameLimit) bytes")
            }
            guard passes(":") else { throw unexpected("\":\"") }
            try member(&self, name)
        } while passes(",")
        guard passes("}") else { throw unexpected("\",\" or \"}\"") }
    }

    /// Reads an array. Calls `element` for each element; `element` must read that element.
    public mutating func array(
        _ element: (inout JSONReader) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        guard passes("[") else { throw unexpected("\"[\"") }
        if passes("]") { return }
        repeat { try element(&self) } while passes(",")
        guard passes("]") else { throw unexpected("\",\" or \"]\"") }
    }

    /// Reads a non-negative integer.
    public mutating func count() throws(JSONSyntaxError) -> Int {
        guard let first = peek(), isDigit(first) else { throw unexpected("a non-negative integer") }
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

    /// Reads `null` if it is the next value, and returns whether it was.
    public mutating func skipNull() throws(JSONSyntaxError) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    /// Reads a value of any kind and discards it.
    public mutating func skipValue() throws(JSONSyntaxError) {
        _ = try value()
    }

    /// Reads a value of any kind. If an object has several members with one name, the last is kept, as in JavaScript
    /// and Python.
    public mutating func value() throws(JSONSyntaxError) -> JSONValue {
        try value(depth: 0)
    }

    /// Checks that only whitespace is left.
    public mutating func end() throws(JSONSyntaxError) {
        guard peek() == nil else { throw unexpected("the end of the JSON") }
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < Self.depthLimit else { throw fault("values are nested more than \(Self.depthLimit) levels deep") }
        valuesLeft -= 1
        guard !hasTooManyValues else { throw fault("there are too many values") }
        if valuesLeft & 0xFFF == 0, let isCancelled, isCancelled() {
            wasCancelled = true
            throw fault("reading was cancelled")
        }
        switch peek() {
        case UInt8(ascii: "{"):
            var members: [JSONKey: JSONValue] = [:]
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

    /// Skips digits and returns whether there was at least one.
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
