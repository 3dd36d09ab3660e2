extension JSONReader {
    /// Reads a string and returns it unescaped.
    public mutating func string() throws(JSONSyntaxError) -> String {
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a string") }
        position += 1
        let first = position
        var start = first
        var unescaped: [UInt8] = []
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let rest = bytes[start..<position]
                let text = String(validating: unescaped.isEmpty ? rest : unescaped[...] + rest, as: UTF8.self)
                guard let text else { throw JSONSyntaxError(reason: "this string is not UTF-8", position: first) }
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
        throw fault("the JSON ends within a string")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
        guard position + 1 < bytes.count else { throw fault("the JSON ends within a string") }
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
            if (0xD800..<0xDC00).contains(unit), let low = hexadecimal(at: position + 6),
                (0xDC00..<0xE000).contains(low)
            {
                code = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
                position += 6
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw fault(#"this \u escape is half of a surrogate pair; expected the other half next to it"#)
            }
            text += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            position += 4
        default: throw fault(#"a backslash must begin one of the escapes \" \\ \/ \b \f \n \r \t and \uXXXX"#)
        }
        position += 2
    }

    /// Returns the UTF-16 code unit of the `\uXXXX` escape at `start`, or `nil` if there is none.
    private func hexadecimal(at start: Int) -> UInt32? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt32 = 0
        for byte in bytes[start + 2..<start + 6] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
