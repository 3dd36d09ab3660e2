import Labelling
import Serving
import Testing

@Suite("Reading requests")
struct PredictRequestTests {
    private func request(_ json: String, headings: HeadingPolicy = .use) throws -> PredictRequest {
        try PredictRequest(json: Array(json.utf8), headings: headings, limits: RequestLimits())
    }

    @Test("Of several members with the same name the last one counts")
    func duplicates() throws {
        guard case .one(.text(let text)) = try request(#"{"abstract": "A.", "abstract": "B."}"#).subject else {
            Issue.record("no abstract was read")
            return
        }
        #expect(text == "B.")
    }

    @Test("The heading policy comes from the member, or else from the caller", arguments: HeadingPolicy.allCases)
    func headings(policy: HeadingPolicy) throws {
        #expect(try request(#"{"abstract": "A."}"#, headings: policy).headings == policy)
        #expect(try request(#"{"abstract": "A.", "headings": "use"}"#, headings: policy).headings == .use)
        #expect(try request(#"{"abstract": "A.", "headings": "ignore"}"#, headings: policy).headings == .ignore)
        #expect(try PredictRequest(text: Array("A.".utf8), headings: policy).headings == policy)
    }

    @Test("Limits are exact")
    func limits() throws {
        var limits = RequestLimits()
        limits.items = 2
        limits.sentences = 3
        let rows: [(json: String, refused: String?)] = [
            (#"{"sentences": ["A", "B", "C"]}"#, nil),
            (#"{"sentences": ["A", "B", "C", "D"]}"#, "sentences has 4 elements; the limit is 3"),
            (#"{"texts": ["A", ""]}"#, nil),
            (#"{"texts": ["A", "B", "C"]}"#, "texts has 3 elements; the limit is 2"),
            (#"{"abstracts": ["A", "B"]}"#, nil),
            (#"{"abstracts": ["A", "B", "C"]}"#, "abstracts has 3 elements; the limit is 2"),
        ]
        for row in rows {
            let result = Result { () throws(LabellingFailure) in
                try PredictRequest(json: Array(row.json.utf8), headings: .use, limits: limits)
            }
            switch (result, row.refused) {
            case (.success, nil): break
            case (.failure(.invalid(let sentence)), let words?): #expect(sentence.contains(words), "\(row.json)")
            default: Issue.record("\(row.json): \(result)")
            }
        }
    }

    /// The rows that parsers get wrong, after the JSON Parsing Test Suite (Seriot 2016).
    @Test(
        "JSON that RFC 8259 allows is accepted",
        arguments: [
            "0", "-0", "0.0", "1e5", "1E+5", "1e-5", "123456789012345678901234567890", "1e999", "-1.5e-999", "\"\"",
            #""\/\b\f\n\r\t\"\\""#,
            #""\u0000""#, #""\uD834\uDD1E""#, #""\uFFFF""#, "\"\u{7F}\"", "\"\u{2028}\"", "[]", "[ ]", "{}", "{ }",
            "[1,2]", "[[],{}]", "[1 , 2 ]",
            #"{"":0}"#, #"{"a":0,"a":1}"#, #"{"\u0000":0}"#, "true", "false", "null",
            String(repeating: "[", count: 60) + String(repeating: "]", count: 60),
        ])
    func accepted(value: String) throws {
        #expect(throws: Never.self) { try request(#"{"abstract": "A.", "x": \#(value)}"#) }
    }

    @Test(
        "JSON that RFC 8259 does not allow is refused",
        arguments: [
            "-", "+1", "01", "-01", "00", "1.", ".5", "1.e1", "1e", "1e+", "0x1", "1_000", "Infinity", "-Infinity",
            "NaN", "True", "nul", "truee", "'a'",
            "\"\t\"", #""\x00""#, #""\u12""#, #""\u123g""#, #""\U0041""#, #""\ud800""#, #""\ud800\u0041""#,
            #""\udc00\ud800""#, #""\ud800\ud800""#,
            "[1,]", "[,1]", "[1 2]", "[1,,2]", "[", "[1", "]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#,
            #"{1:1}"#, #"{"a" 1}"#, #"{"a":1 "b":2}"#,
            "[}", "{]", "/* */ 1", "// 1", "\u{FEFF}1", "\u{A0}1", "", "1 2",
            String(repeating: "[", count: 70) + String(repeating: "]", count: 70),
        ])
    func refused(value: String) throws {
        let failure = try #require(throws: LabellingFailure.self) {
            try request(#"{"abstract": "A.", "x": \#(value)}"#)
        }
        guard case .malformed(let sentence) = failure else {
            Issue.record("\(failure)")
            return
        }
        #expect(sentence.contains("line 1, column "), "\(sentence)")
    }
}
