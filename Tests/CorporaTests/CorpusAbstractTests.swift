import Corpora
import FoundationEssentials
import TestSupport
import Testing
import Text

@Suite("Abstracts of a corpus")
struct CorpusAbstractTests {
    private func read(_ lines: String, name: String = "x.jsonl") throws -> [CorpusAbstract] {
        try AbstractReader().readTexts(CorpusFile(name: name, stored: Array(lines.utf8))).items
    }

    @Test("The error for an invalid line has the line number")
    func errors() {
        let lines = """
            {"id":"x","text":"One.","sections":[],"sentences":[]}

            {"id":"y","text":"One.","sections":[{"label":"METHODS","start":0,"end":9}],"sentences":[]}
            """
        let error = #expect(throws: CorpusError.self) {
            try read(lines, name: "dev.jsonl")
        }
        #expect(error?.description.contains("dev.jsonl, line 3") == true)
        #expect(error?.description.contains("from 0 to 9") == true)
    }

    @Test(
        "The error for an invalid abstract names the JSON member and contains no Swift error",
        arguments: [
            (#"{"id":"x","sections":[],"sentences":[]}"#, "text is missing"),
            (
                #"{"id":"x","text":"A.","sections":[],"sentences":[{"start":0,"end":2}]}"#,
                "sentences[0].labels is missing"
            ),
            (#"{"id":"x","text":3,"sections":[],"sentences":[]}"#, "text has the wrong type; expected a string"),
            (#"{"sentences":"#, "it is not valid JSON"),
        ])
    func reasons(line: String, says: String) {
        let error = #expect(throws: CorpusError.self) { try read(line) }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("DecodingError") == false)
    }

    @Test("For evaluation, abstracts in every format have a text, and ids may repeat")
    func texts() throws {
        let twice = try read(
            String(
                repeating: #"{"id":"x","text":"A.","sections":[],"sentences":[{"label":"Methods","start":0,"end":2}]}"#
                    + "\n", count: 2))
        #expect(twice.count == 2 && twice[0].sentences.map(\.labels) == [["METHODS"]])
        let rct = try read("###1\nMETHODS\tOne.\nMETHODS\tTwo.\nRESULTS\tThree.\n", name: "dev.txt")
        #expect(rct.map(\.text) == ["One. Two. Three."])
        #expect(rct[0].sections.map(\.range) == [0..<9, 10..<16])
    }

    @Test("A span may have several labels, but not an empty list")
    func severalLabels() throws {
        let line =
            #"{"id":"x","text":"One. Two.","sections":[{"labels":["METHODS","RESULTS"],"start":0,"end":9}],"sentences":[{"label":"METHODS","start":0,"end":4},{"labels":["METHODS","RESULTS"],"start":5,"end":9}]}"#
        let abstract = try #require(read(line).first)
        #expect(abstract.sections.map(\.labels) == [["METHODS", "RESULTS"]])
        #expect(abstract.sentences.map(\.labels) == [["METHODS"], ["METHODS", "RESULTS"]])
        let none = line.replacing(#""label":"METHODS","#, with: #""labels":[],"#)
        let error = #expect(throws: CorpusError.self) {
            try read(none)
        }
        #expect(error?.description.contains("expected at least one label") == true)
    }

    @Test("Sentences are joined by one space, and consecutive ones with the same label form a section")
    func sentences() {
        let abstract = CorpusAbstract(
            id: "x", sentences: [("Oné.", ["A"]), ("Two.", ["A"]), ("e\u{301}3.", ["B"]), ("4.", ["A"])])
        #expect(abstract.text.unicodeScalars.elementsEqual("Oné. Two. e\u{301}3. 4.".unicodeScalars))
        #expect(abstract.sentences.map(\.range) == [0..<4, 5..<9, 10..<14, 15..<17])
        #expect(abstract.sections.map(\.range) == [0..<9, 10..<14, 15..<17])
        #expect(abstract.sections.map(\.labels) == [["A"], ["B"], ["A"]])
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let text: String
        let masked: String
        var testDescription: String { text.debugDescription }
    }

    @Test(
        "Every number becomes a single @",
        arguments: [
            Row(text: "", masked: ""), Row(text: "No number.", masked: "No number."), Row(text: "7", masked: "@"),
            Row(text: "1,024.5 of 20,000", masked: "@ of @"), Row(text: "P = .05.", masked: "P = .@."),
            Row(text: "in 1999. In 2,000, 3", masked: "in @. In @, @"),
            Row(text: "1..2 1.,2 1.2.3", masked: "@..@ @.,@ @"),
            Row(text: "95% CI 0.5-0.7", masked: "@% CI @-@"), Row(text: "CD4+ H1N1", masked: "CD@+ H@N@"),
            Row(text: "①² ٣ 1٫5", masked: "①² ٣ @٫@"), Row(text: "1\u{301} é2", masked: "@\u{301} é@"),
            Row(text: "3,", masked: "@,"), Row(text: "3.x", masked: "@.x"),
        ])
    func numbers(_ row: Row) {
        #expect(maskNumbers(row.text).unicodeScalars.elementsEqual(row.masked.unicodeScalars))
    }

    @Test("Masking an abstract gives the same sentences as masking each one alone")
    func spans() {
        var generator = SeededGenerator(seed: 11)
        let alphabet: [Unicode.Scalar] = ["0", "1", "9", ".", ",", " ", "a", "é", "\u{301}"]
        for _ in 0..<300 {
            let sentences = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                var view = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    view.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
                }
                return (text: String(view), labels: Bool.random(using: &generator) ? ["A"] : ["B", "A"])
            }
            let abstract = CorpusAbstract(id: "x", sentences: sentences)
            let masked = abstract.maskingNumbers()
            let text = SourceText(masked.text)
            #expect(masked.id == "x")
            #expect(masked.sentences.map(\.labels) == abstract.sentences.map(\.labels))
            #expect(
                masked.sentences.map { text.string(in: $0.range).unicodeScalars.map(\.value) }
                    == sentences.map { maskNumbers($0.text).unicodeScalars.map(\.value) })
            #expect(masked.sections.map(\.labels) == abstract.sections.map(\.labels))
            #expect(masked.sections.last?.end == text.count)
        }
    }

    @Test("A number that is cut by a boundary counts as two")
    func divided() throws {
        let line =
            #"{"id":"x","text":"a 1.5 b","sections":[{"label":"A","start":0,"end":4},{"label":"B","start":4,"end":7}],"sentences":[{"label":"A","start":0,"end":4},{"label":"B","start":4,"end":7}]}"#
        let masked = try #require(read(line).first).maskingNumbers()
        #expect(masked.text == "a @.@ b")
        #expect(masked.sections.map(\.range) == [0..<4, 4..<7])
    }
}
