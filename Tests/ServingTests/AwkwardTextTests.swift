import TestSupport
import Testing

extension ShippedCheckpoint {
    @Suite("Unusual texts")
    struct AwkwardTextTests {
        struct Row: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let text: String
        }

        static let rows: [Row] = [
            Row(testDescription: "emoji", text: "We gave 😀 to adults. 👍🏽 was better. 🇩🇪 was not."),
            Row(testDescription: "families joined by U+200D", text: "👨‍👩‍👧‍👦 were asked. They said 🏳️‍🌈."),
            Row(
                testDescription: "combining marks",
                text: "Cafe\u{301} was drunk. Nai\u{308}ve cells grew. A\u{30A}ngstro\u{308}m."),
            Row(testDescription: "beyond the basic plane", text: "𝐖𝐞 tested 𝒙. The 𐍈 group won. 漢字𠮷 too."),
            Row(testDescription: "lines ended by CR LF", text: "Falls are common.\r\nWe tested.\r\n\r\nThey fell.\r\n"),
            Row(
                testDescription: "tabs and odd spaces",
                text: "\tFalls\u{A0}are common.\u{2003}We tested.\u{3000}They fell.\u{2028}Done."),
            Row(
                testDescription: "right to left",
                text: "هدف الدراسة تقييم العلاج. النتائج جيدة. \u{202E}abc\u{202C} done."),
            Row(
                testDescription: "10,000 combining marks",
                text: "Falls a" + String(repeating: "\u{301}", count: 10_000) + "re common. We tested."),
            Row(testDescription: "a megabyte of one word", text: String(repeating: "a", count: 1 << 20)),
            Row(testDescription: "a megabyte of full stops", text: String(repeating: ".", count: 1 << 20)),
            Row(testDescription: "NUL", text: "Falls \u{0} are common. \u{0}We tested."),
            Row(testDescription: "nothing but NUL", text: "\u{0}"),
            Row(testDescription: "control characters", text: "Falls\u{1}\u{7F}\u{85} are\u{1B}[0m common. We tested."),
            Row(testDescription: "a byte order mark", text: "\u{FEFF}Falls are common. We tested."),
            Row(testDescription: "nothing but U+200B", text: "\u{200B}"),
            Row(
                testDescription: "U+FFFF and the last code point",
                text: "Falls \u{FFFF} are \u{10FFFF} common. \u{FFFD}."),
            Row(
                testDescription: "quotes and backslashes", text: #"Falls "are" \common\. We 'tested' C:\new. </script>"#
            ),
            Row(testDescription: "a single letter", text: "a"),
            Row(testDescription: "one piece of punctuation", text: "?"),
        ]

        @Test(
            "Every code point except white space lies in exactly one sentence, at the offsets in the answer",
            arguments: rows)
        func offsets(_ row: Row) async throws {
            let scalars = Array(row.text.unicodeScalars)
            for request: [UInt8] in [
                .predict(#"{"abstract": \#(try json(row.text))}"#),
                .request("POST /predict", fields: ["Content-Type: text/plain"], body: Array(row.text.utf8)),
            ] {
                let answer = try await suiteServer().send(request)
                #expect(answer.status == 200, "\(answer.text.prefix(300))")
                let sentences = try #require(try answer.document(AbstractDocument.self).sentences)
                #expect(!sentences.isEmpty)
                var end = 0
                for sentence in sentences {
                    try #require(
                        end <= sentence.start && sentence.start < sentence.end && sentence.end <= scalars.count)
                    #expect(scalars[end..<sentence.start].allSatisfy { $0.properties.isWhitespace })
                    #expect(
                        Array(sentence.text.unicodeScalars) == Array(scalars[sentence.start..<sentence.end]))
                    #expect(sentence.scores.values.allSatisfy { (0...1).contains($0) })
                    end = sentence.end
                }
                #expect(scalars[end...].allSatisfy { $0.properties.isWhitespace })
            }
        }

        @Test("Given sentences are kept as they are and joined with one space", arguments: rows)
        func sentences(_ row: Row) async throws {
            let answer = try await suiteServer().send(
                .predict(#"{"sentences": ["Falls are common.", \#(try json(row.text)), "We tested."]}"#))
            #expect(answer.status == 200, "\(answer.text.prefix(300))")
            let sentences = try #require(try answer.document(AbstractDocument.self).sentences)
            let count = row.text.unicodeScalars.count
            try #require(sentences.count == 3)
            #expect(sentences.map { [$0.start, $0.end] } == [[0, 17], [18, 18 + count], [19 + count, 29 + count]])
            #expect(Array(sentences[1].text.unicodeScalars) == Array(row.text.unicodeScalars))
        }

        @Test("Characters beyond U+FFFF may be escaped as surrogate pairs")
        func surrogatePair() async throws {
            let document = try await suiteServer().send(.predict(#"{"abstract": "We gave \uD83D\uDE00. Done."}"#))
                .document(AbstractDocument.self)
            #expect(document.sentences?.map(\.text) == ["We gave 😀.", "Done."])
            #expect(document.sentences?.map { [$0.start, $0.end] } == [[0, 10], [11, 16]])
        }
    }
}
