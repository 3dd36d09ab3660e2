import FoundationEssentials
import JSON
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    private func written(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        let written: String
    }

    @Test(
        "Strings are escaped only where JSON requires it",
        arguments: [
            Row(testDescription: "empty", text: "", written: #""""#),
            Row(testDescription: "quotes and backslashes", text: #"a"b\c/"#, written: #""a\"b\\c/""#),
            Row(testDescription: "ends of lines", text: "\n\r\t\r\n", written: #""\n\r\t\r\n""#),
            Row(
                testDescription: "control characters", text: "\u{0}\u{1}\u{B}\u{1F}",
                written: #""\u0000\u0001\u000b\u001f""#),
            Row(testDescription: "DEL and beyond ASCII", text: "\u{7F}é漢😀\u{2028}", written: "\"\u{7F}é漢😀\u{2028}\""),
            Row(testDescription: "combining marks", text: "e\u{301}\"\u{301}", written: "\"e\u{301}\\\"\u{301}\""),
        ])
    func strings(_ row: Row) throws {
        let written = written { $0.string(row.text) }
        #expect(Array(written.utf8) == Array(row.written.utf8))
        let read = try JSONDecoder().decode(String.self, from: Data(written.utf8))
        #expect(Array(read.unicodeScalars) == Array(row.text.unicodeScalars))
    }

    @Test("Every code point survives writing and reading")
    func everyCodePoint() throws {
        var text = String.UnicodeScalarView()
        for code in UInt32(0)...0x10FFFF { if let scalar = Unicode.Scalar(code) { text.append(scalar) } }
        let written = written { $0.string(String(text)) }
        let read = try JSONDecoder().decode(String.self, from: Data(written.utf8))
        #expect(read.unicodeScalars.elementsEqual(text))
    }

    @Test("Members keep their order and are separated by commas")
    func order() {
        let written = written { json in
            json.object { json in
                json.member("z", -1)
                json.key("a")
                json.array([1, 2]) { $0.integer($1) }
                json.key("\"")
                json.object { _ in }
                json.key("m")
                json.array([[], ["x", "y"]]) { json, row in json.array(row) { $0.string($1) } }
                json.key("n")
                json.null()
                json.key("t")
                json.bool(true)
                json.key("f")
                json.bool(false)
            }
        }
        #expect(written == #"{"z":-1,"a":[1,2],"\"":{},"m":[[],["x","y"]],"n":null,"t":true,"f":false}"#)
    }

    @Test(
        "Probabilities are written with the precision of a float, and NaN as null",
        arguments: [
            (0, "0.0"), (1, "1.0"), (0.1, "0.1"), (1.0 / 3, "0.33333334"), (1e-10, "1e-10"), (.nan, "null"),
            (.infinity, "null"), (-.infinity, "null"), (1e300, "null"),
        ] as [(Double, String)])
    func probabilities(value: Double, expected: String) {
        let number = written { $0.probability(value) }
        #expect(number == expected)
    }

    @Test("Consecutive probabilities are separated by commas")
    func separated() {
        let array = written { $0.array([0.5, .nan, 1]) { json, value in json.probability(value) } }
        #expect(array == "[0.5,null,1.0]")
    }
}
