/// Reads JSON (RFC 8259) as strictly as it is written, in one pass, and says where it is at fault.
///
/// `JSONDecoder` will not do for what strangers send: it takes trailing commas and UTF-16, says not where a body is
/// malformed, and takes seconds over a body of many small values.
struct JSONParser {
    /// How deep values may nest; a request needs four levels.
    static let depthLimit = 64

    private let bytes: [UInt8]
    private var position = 0

    /// The value that `bytes` spell.
    ///
    /// - Parameter bytes: UTF-8, which the caller has checked. A byte order mark is passed over.
    static func value(of bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
        let value = try parser.value(depth: 0)
        guard parser.next() == nil else { throw parser.unexpected("the end of the body") }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < Self.depthLimit else { throw fault("values nest more than \(Self.depthLimit) deep") }
        switch next() {
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): return try number()
        default: throw unexpected("a value")
        }
    }

    /// Of members of one name the last counts, as it does in JavaScript and Python.
    private mutating func object(depth: Int) throws(JSONSyntaxError) -> [String: JSONValue] {
        position += 1
        var members: [String: JSONValue] = [:]
        if passes("}") { return members }
        repeat {
            guard next() == UInt8(ascii: "\"") else { throw unexpected("a member's name in quotation marks") }
            let name = try string()
            guard passes(":") else { throw unexpected("\":\"") }
            members[name] = try value(depth: depth)
        } while passes(",")
        guard passes("}") else { throw unexpected("\",\" or \"}\"") }
        return members
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        position += 1
        var elements: [JSONValue] = []
        if passes("]") { return elements }
        repeat { elements.append(try value(depth: depth)) } while passes(",")
        guard passes("]") else { throw unexpected("\",\" or \"]\"") }
        return elements
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        var start = position
        var unescaped: [UInt8] = []
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text =
                    unescaped.isEmpty
                    ? String(decoding: bytes[start..<position], as: UTF8.self)
                    : String(decoding: unescaped + bytes[start..<position], as: UTF8.self)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                unescaped += bytes[start..<position]
                try escape(into: &unescaped)
                start = position
            case 0..<0x20: throw fault("a control character in a string must be escaped")
            default: position += 1
            }
        }
        throw fault("the body ends within a string")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
        guard position + 1 < bytes.count else { throw fault("the body ends within a string") }
        let letter = bytes[position + 1]
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal(at: position) else {
                throw fault("\"\\u\" must be followed by four hexadecimal digits")
            }
            var code = unit
            if (0xD800..<0xDC00).contains(unit), let low = hexadecimal(at: position + 6), (0xDC00..<0xE000).contains(low) {
                code = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
                position += 6
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("this surrogate lacks its other half") }
            text += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            position += 4
        default: throw fault("there is no such escape in JSON")
        }
        position += 2
    }

    /// The code unit of the `\uXXXX` at a position.
    private func hexadecimal(at start: Int) -> UInt32? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt32 = 0
        for byte in bytes[start + 2..<start + 6] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
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
        return .number
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw unexpected("a value") }
        position += word.utf8.count
        return value
    }

    /// Whether there was a digit.
    private mutating func passDigits() -> Bool {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        return position > start
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func passes(_ character: Unicode.Scalar) -> Bool {
        guard next() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// The next byte that is not white space; `nil` at the end.
    private mutating func next() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return bytes[position]
            }
        }
        return nil
    }

    private func unexpected(_ expected: String) -> JSONSyntaxError {
        guard position < bytes.count else { return fault("expected \(expected), but the body ends") }
        let rest = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
        return fault("expected \(expected), found \"\(rest.unicodeScalars.first.map(String.init) ?? "")\"")
    }

    private func fault(_ reason: String) -> JSONSyntaxError {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONSyntaxError(
            reason: reason, line: before.count { $0 == 0x0A } + 1,
            // Every byte of a code point but its first is 10xxxxxx.
            column: before[line...].count { $0 & 0xC0 != 0x80 } + 1)
    }
}

/// Where a text is not JSON, and what is wrong there.
struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
    let reason: String
    /// From 1.
    let line: Int
    /// In code points, from 1.
    let column: Int

    var description: String { "line \(line), column \(column): \(reason)." }
}
