/// Reads JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)) front to back, as far as checkpoint headers need it.
///
/// A general decoder would lose what these headers are checked for: duplicate keys, the order, and byte positions.
struct JSONReader {
    /// How deep values that nobody asked for may nest.
    static let depthLimit = 64

    let bytes: [UInt8]
    /// The position in the file of the first of `bytes`, for messages.
    let origin: Int
    private(set) var position = 0

    init(_ bytes: [UInt8], origin: Int = 0) {
        self.bytes = bytes
        self.origin = origin
    }

    /// A problem at the current position.
    func problem(_ message: String) -> CheckpointProblem {
        CheckpointProblem(message, position: origin + position)
    }

    /// The next byte that is not white space, without passing it; `nil` at the end.
    mutating func peek() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return bytes[position]
            }
        }
        return nil
    }

    /// Passes an object, calling `member` with each key, which must pass the value.
    mutating func object(
        _ member: (inout JSONReader, String) throws(CheckpointProblem) -> Void
    ) throws(CheckpointProblem) {
        try expect("{")
        if skip("}") { return }
        repeat {
            guard peek() == UInt8(ascii: "\"") else { throw unexpected("a key in quotation marks") }
            let key = try string()
            try expect(":")
            try member(&self, key)
        } while skip(",")
        try expect("}")
    }

    /// Passes an array, calling `element`, which must pass one element, for each.
    mutating func array(_ element: (inout JSONReader) throws(CheckpointProblem) -> Void) throws(CheckpointProblem) {
        try expect("[")
        if skip("]") { return }
        repeat { try element(&self) } while skip(",")
        try expect("]")
    }

    /// Passes an integer from 0 up.
    mutating func count() throws(CheckpointProblem) -> Int {
        guard let first = peek(), isDigit(first) else { throw unexpected("an integer from 0 up") }
        let start = position
        var value = 0
        while position < bytes.count, isDigit(bytes[position]) {
            let (tenfold, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = tenfold.addingReportingOverflow(Int(bytes[position] - UInt8(ascii: "0")))
            guard !tooLarge, !overflow else { throw problem("expected an integer below 2^63, found a larger one") }
            value = sum
            position += 1
        }
        if position < bytes.count, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[position]) {
            throw problem("expected an integer, found a fraction")
        }
        guard first != UInt8(ascii: "0") || position == start + 1 else {
            throw problem("expected an integer without leading zeros")
        }
        return value
    }

    /// Passes a string.
    mutating func string() throws(CheckpointProblem) -> String {
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a string") }
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try decoded(bytes[start..<position])
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw problem("expected a control character in a string to be escaped")
            default: position += 1
            }
        }
        throw problem("the JSON ends within a string")
    }

    /// Passes a value of any kind.
    mutating func skipValue(depth: Int = 0) throws(CheckpointProblem) {
        guard depth < Self.depthLimit else { throw problem("the JSON nests deeper than \(Self.depthLimit) levels") }
        switch peek() {
        case UInt8(ascii: "{"):
            try object { (json, _) throws(CheckpointProblem) in try json.skipValue(depth: depth + 1) }
        case UInt8(ascii: "["):
            try array { (json) throws(CheckpointProblem) in try json.skipValue(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        default: try skipNumber()
        }
    }

    /// Passes `null` and says true, or passes nothing.
    mutating func skipNull() throws(CheckpointProblem) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        try literal("null")
        return true
    }

    /// Checks that only white space is left.
    mutating func end() throws(CheckpointProblem) {
        guard peek() == nil else { throw unexpected("the end of the JSON") }
    }

    // MARK: - Parts

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(CheckpointProblem) {
        guard skip(character) else { throw unexpected("'\(character)'") }
    }

    private func unexpected(_ expected: String) -> CheckpointProblem {
        guard position < bytes.count else { return problem("expected \(expected), but the JSON ends") }
        let byte = bytes[position]
        let found = (0x21..<0x7F).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "the byte \(byte)"
        return problem("expected \(expected), found \(found)")
    }

    private mutating func literal(_ word: StaticString) throws(CheckpointProblem) {
        let text = word.description
        guard bytes[position...].prefix(text.utf8.count).elementsEqual(text.utf8) else { throw unexpected(text) }
        position += text.utf8.count
    }

    private mutating func skipNumber() throws(CheckpointProblem) {
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
        try skipDigits()
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        guard position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") else { return }
        position += 1
        if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) { position += 1 }
        try skipDigits()
    }

    private mutating func skipDigits() throws(CheckpointProblem) {
        guard position < bytes.count, isDigit(bytes[position]) else { throw unexpected("a value") }
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private func decoded(_ slice: ArraySlice<UInt8>) throws(CheckpointProblem) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw CheckpointProblem("expected UTF-8 in this string", position: origin + slice.startIndex)
        }
        return text
    }

    /// The slow way for strings with escapes, from their first character on.
    private mutating func escapedString(from start: Int) throws(CheckpointProblem) -> String {
        var unescaped = bytes[start..<position]
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try decoded(ArraySlice(unescaped))
            case UInt8(ascii: "\\"): unescaped.append(contentsOf: try escape())
            case 0..<0x20: throw problem("expected a control character in a string to be escaped")
            default: unescaped.append(byte)
            }
        }
        throw problem("the JSON ends within a string")
    }

    private mutating func escape() throws(CheckpointProblem) -> [UInt8] {
        guard position < bytes.count else { throw problem("the JSON ends within a string") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): break
        default: throw problem("expected an escape of JSON after '\\'")
        }
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw problem("expected the second half of a surrogate pair") }
            position += 2
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw problem("expected the second half of a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw problem("expected the first half of a surrogate pair") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal() throws(CheckpointProblem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw problem("expected four hexadecimal digits after '\\u'")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
