import JSON
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    private func value(_ text: String) throws(JSONSyntaxError) -> JSONValue {
        var reader = JSONReader(Array(text.utf8))
        let value = try reader.value()
        try reader.end()
        return value
    }

    @Test(
        "Strings are decoded",
        arguments: [
            (#""""#, ""), (#""a\"b\\c\/""#, "a\"b\\c/"), (#""\u0041\u00e9""#, "A\u{e9}"),
            (#""\ud83d\ude00""#, "\u{1F600}"), ("\"\u{1F600}\"", "\u{1F600}"),
        ])
    func strings(text: String, expected: String) throws {
        #expect(try value(text) == .string(expected))
    }

    @Test(
        "Text that is not JSON is refused",
        arguments: [
            "", "{", "[1,]", #"{"a":1,}"#, "nul", #""\ud800""#, #""\x""#, "01", "1.", "+1", "[1] 2", "\"a\nb\"",
            "{1:2}",
        ])
    func malformed(text: String) {
        #expect(throws: JSONSyntaxError.self) { try value(text) }
    }

    @Test("Names are compared as bytes, so canonically equivalent names are different members")
    func names() throws {
        let composed: JSONKey = "caf\u{E9}"
        let decomposed: JSONKey = "cafe\u{301}"
        #expect(
            try value("{\"\(composed)\": 1, \"\(decomposed)\": 2}")
                == .object([composed: .number(1), decomposed: .number(2)]))
        #expect(try value(#"{"a": 1, "\u0061": 2}"#) == .object(["a": .number(2)]))
    }

    @Test("A name may have as many bytes as the limit, and no more")
    func longName() {
        func named(_ count: Int) -> String { "{\"" + String(repeating: "x", count: count) + "\": 1}" }
        #expect(throws: Never.self) { try value(named(JSONReader.nameLimit)) }
        #expect(throws: JSONSyntaxError.self) { try value(named(JSONReader.nameLimit + 1)) }
    }

    @Test("Values may be nested to the limit, and no deeper")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try value(nested(JSONReader.depthLimit)) }
        #expect(throws: JSONSyntaxError.self) { try value(nested(JSONReader.depthLimit + 1)) }
    }

    @Test("Lines are complete only with their line end, wherever the parts divide them")
    func lines() {
        for size in 1...7 {
            var buffer = LineBuffer()
            var lines: [String] = []
            let bytes = Array("one\n\ntwo\nrest".utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                buffer.append(bytes[start..<min(start + size, bytes.count)])
                while let line = buffer.line() { lines.append(String(decoding: line, as: UTF8.self)) }
            }
            #expect(lines == ["one", "", "two"])
            #expect(String(decoding: buffer.rest(), as: UTF8.self) == "rest")
        }
    }
}
