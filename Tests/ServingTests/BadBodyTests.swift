import TestSupport
import Testing

extension ShippedCheckpoint {
    @Suite("Refused bodies")
    struct BadBodyTests {
        struct Row: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let body: [UInt8]
            let status: Int
            let says: String
            var type = "application/json"

            init(
                _ description: String, _ body: [UInt8], _ status: Int, _ says: String, type: String = "application/json"
            ) {
                (testDescription, self.body, self.status, self.says, self.type) = (
                    description, body, status, says, type
                )
            }

            init(
                _ description: String, _ body: String, _ status: Int, _ says: String, type: String = "application/json"
            ) {
                self.init(description, Array(body.utf8), status, says, type: type)
            }
        }

        @Test(
            "A body that is not JSON is refused with line and column",
            arguments: [
                Row("empty", "", 400, "the body is empty; expected JSON such as"),
                Row("nothing but white space", " \r\n\t", 400, "line 2, column 2: expected a value, but the JSON ends"),
                Row("no value", #"{"abstract": }"#, 400, #"line 1, column 14: expected a value, found "}""#),
                Row(
                    "on the third line", "{\n\"abstract\":\n  wrong}", 400,
                    #"line 3, column 3: expected a value, found "w""#),
                Row("after two-byte characters", #"{"é": é}"#, 400, #"line 1, column 7: expected a value, found "é""#),
                Row(
                    "cut in a string", #"{"abstract": "Falls"#, 400, "line 1, column 20: the JSON ends within a string"),
                Row(
                    "cut after a string", #"{"abstract": "Falls""#, 400,
                    "column 21: expected \",\" or \"}\", but the JSON ends"),
                Row("cut in an escape", #"{"abstract": "Falls\"#, 400, "the JSON ends within a string"),
                Row("a comma at the end", #"{"abstract": "A.",}"#, 400, "column 19: expected a member's name"),
                Row("two values", #"{"abstract": "A."} {}"#, 400, "column 20: expected the end of the JSON"),
                Row(
                    "single quotes", "{'abstract': 'A.'}", 400, "column 2: expected a member's name in quotation marks"),
                Row(
                    "a line feed in a string", "{\"abstract\": \"A\n.\"}", 400,
                    "column 16: a control character in a string"),
                Row(
                    "an unknown escape", #"{"abstract": "\q"}"#, 400,
                    "column 15: a backslash must begin one of the escapes"),
                Row("bad hexadecimal digits", #"{"abstract": "\u00G0"}"#, 400, "four hexadecimal digits"),
                Row(
                    "a high surrogate alone", #"{"abstract": "A \ud800 B"}"#, 400,
                    "column 17: this \\u escape is half of a surrogate pair"),
                Row("a low surrogate alone", #"{"abstract": "A \udc00"}"#, 400, "escape is half of a surrogate pair"),
                Row(
                    "two high surrogates", #"{"abstract": "\ud83d\ud83d"}"#, 400, "escape is half of a surrogate pair"),
                Row("a surrogate alone in a name", #"{"\udfff": 1}"#, 400, "escape is half of a surrogate pair"),
                Row(
                    "100,000 open brackets", String(repeating: "[", count: 100_000), 400,
                    "column 65: values are nested more than 64 levels deep"),
                Row(
                    "100,000 open braces", String(repeating: #"{"a":"#, count: 100_000), 400,
                    "values are nested more than 64 levels deep"),
                Row("NaN", #"{"abstract": NaN}"#, 400, #"found "N""#),
                Row("a number that begins with a zero", #"{"x": 01}"#, 400, "a number must not begin with a zero"),
                Row(
                    "UTF-16", Array(#"{"abstract": "A."}"#.utf8.flatMap { [0, $0] }), 400, "column 1: expected a value"),
            ])
        func notJSON(_ row: Row) async throws { try await expectRefusal(of: row) }

        @Test(
            "A body that is not UTF-8 is refused with the offset of the first bad byte",
            arguments: [
                Row(
                    "a byte that begins nothing", Array(#"{"abstract": ""#.utf8) + [0xFF], 400,
                    "offset 14 does not begin a valid character"),
                Row(
                    "a character that is cut", Array(#"{"a": "é"#.utf8.dropLast()), 400,
                    "offset 7 does not begin a valid character"),
                Row("an overlong slash", [0x22, 0xC0, 0xAF, 0x22], 400, "offset 1 does not begin a valid character"),
                Row(
                    "an overlong NUL", [0x22, 0xE0, 0x80, 0x80, 0x22], 400, "offset 1 does not begin a valid character"),
                Row(
                    "an encoded surrogate", [0x22, 0xED, 0xA0, 0x80, 0x22], 400,
                    "offset 1 does not begin a valid character"),
                Row(
                    "beyond U+10FFFF", [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 400,
                    "offset 1 does not begin a valid character"),
                Row(
                    "UTF-16 with its mark", [0xFF, 0xFE, 0x7B, 0x00], 400, "offset 0 does not begin a valid character"),
                Row(
                    "plain text in Latin-1", Array("Caf".utf8) + [0xE9, 0x2E], 400,
                    "offset 3 does not begin a valid character",
                    type: "text/plain"),
            ])
        func notUTF8(_ row: Row) async throws { try await expectRefusal(of: row) }

        static let choices = #""abstract", "sentences", "abstracts" or "texts""#

        @Test(
            "JSON that is not a request is refused with the member, what was expected and what was found",
            arguments: [
                Row("a number", "1", 422, "the body is a number; expected an object with \(choices)"),
                Row("a string", "\"A.\"", 422, "the body is a string"), Row("null", "null", 422, "the body is null"),
                Row("an array", "[]", 422, "the body is an array"),
                Row("true", "true", 422, "the body is true or false"),
                Row("no members", "{}", 422, "the body has none of the members \(choices)"),
                Row(
                    "unknown members only", #"{"text": "A.", "Abstract": "A."}"#, 422,
                    "the body has none of the members \(choices)"),
                Row(
                    "two members", #"{"abstract": "A.", "texts": ["A."]}"#, 422,
                    "the body has the members abstract and texts; expected exactly one of"),
                Row(
                    "headings of another value", #"{"abstract": "A.", "headings": "maybe"}"#, 422,
                    #"headings is "maybe"; expected "use" or "ignore""#),
                Row(
                    "headings of another type", #"{"abstract": "A.", "headings": true}"#, 422,
                    "headings is true or false; expected"),
                Row("headings null", #"{"abstract": "A.", "headings": null}"#, 422, "headings is null; expected"),
                Row(
                    "an empty abstract", #"{"abstract": ""}"#, 422,
                    "abstract is empty; expected the text of an abstract"),
                Row("an abstract of spaces", #"{"abstract": " \n\t"}"#, 422, "abstract contains only white space"),
                Row(
                    "an abstract of Unicode spaces", "{\"abstract\": \"\u{A0}\u{1680}\u{2003}\u{2028}\u{3000}\"}", 422,
                    "abstract contains only white space"),
                Row(
                    "an empty text", "", 422, "the body is empty; expected the text of an abstract", type: "text/plain"),
                Row("a text of spaces", " \u{3000}\r\n", 422, "the body contains only white space", type: "text/plain"),
                Row("no sentences", #"{"sentences": []}"#, 422, "sentences is empty; expected at least one element"),
                Row("an empty sentence", #"{"sentences": ["A.", ""]}"#, 422, "sentences[1] is empty"),
                Row(
                    "a sentence of another type", #"{"sentences": ["A.", 2]}"#, 422,
                    "sentences[1] is a number; expected a string"),
                Row("no abstracts", #"{"abstracts": []}"#, 422, "abstracts is empty"),
                Row("no texts", #"{"texts": []}"#, 422, "texts is empty"),
            ])
        func notARequest(_ row: Row) async throws { try await expectRefusal(of: row) }

        @Test(
            "Every member of a request refuses values of other types",
            arguments: [
                "abstract": ["17", "true", "null", "{}", "[]", "[[]]"],
                "sentences": ["17", "true", "null", "{}", "\"A.\"", "[]", "[[]]"],
                "abstracts": ["17", "true", "null", "{}", "\"A.\"", "[]"],
                "texts": ["17", "true", "null", "{}", "\"A.\"", "[]"],
            ].flatMap { member, values in values.map { (member, $0) } })
        func types(member: String, value: String) async throws {
            let answer = try await suiteServer().send(.predict(#"{"\#(member)": \#(value)}"#))
            try answer.expectProblem(422, member)
            try answer.expectProblem(422, "expected")
        }

        @Test(
            "Requests above a limit are refused with the limit",
            arguments: [
                Row(
                    "100,000 sentences", #"{"sentences": [\#(many("\"A.\"", 100_000))]}"#, 422,
                    "sentences has 100000 elements; the limit is 20000"),
                Row(
                    "100,000 sentences in a text",
                    #"{"abstract": "\#(String(repeating: "It works well. ", count: 100_000))"}"#, 422,
                    "the request has more than 20000 sentences"),
                Row(
                    "30,000 sentences in a batch",
                    #"{"abstracts": [\#(many("{\"sentences\":[\(many("\"A.\"", 15_000))]}", 2))]}"#, 422,
                    "the request has more than 20000 sentences"),
                Row(
                    "1,001 abstracts", #"{"abstracts": [\#(many("\"A.\"", 1_001))]}"#, 422,
                    "abstracts has 1001 elements; the limit is 1000"),
                Row(
                    "1,001 texts", #"{"texts": [\#(many("\"A.\"", 1_001))]}"#, 422,
                    "texts has 1001 elements; the limit is 1000"),
            ])
        func tooMany(_ row: Row) async throws { try await expectRefusal(of: row) }

        @Test("Bodies crafted to be slow to parse are refused within seconds")
        func slowToRead() async throws {
            let server = try suiteServer()
            let clock = ContinuousClock()
            for element in ["[]", "{}", "[[[]]]", "0", "\"\"", "\"\\u0041\"", "null"] {
                let count = (8 << 20) / (element.utf8.count + 1) - 10
                let body = "{\"x\":[\(Self.many(element, count))]}"
                let start = clock.now
                try await server.send(.predict(body)).expectProblem(422, "the body has more than 220000 JSON values")
                #expect(clock.now - start < .seconds(3), "\(element)")
            }
        }

        private static func many(_ element: String, _ count: Int) -> String {
            String(repeating: element + ",", count: count - 1) + element
        }

        private func expectRefusal(of row: Row) async throws {
            let server = try suiteServer()
            let answer = try await server.send(
                .request("POST /predict", fields: ["Content-Type: \(row.type)"], body: row.body))
            try answer.expectProblem(row.status, row.says)
        }
    }
}
