import Checkpoint
import FoundationEssentials
import Labelling
import TestSupport
import Testing
import Text

@Suite("Labelled abstracts")
struct LabelledAbstractTests {
    @Test("Sections are runs of consecutive sentences with the same label")
    func sections() {
        let labels = [0, 0, 2, 3, 3, 3, 0]
        let abstract = LabelledAbstract(
            text: SourceText(String(repeating: "a. ", count: labels.count)),
            sentences: labels.enumerated().map { index, label in
                LabelledAbstract.Sentence(
                    range: index * 3..<index * 3 + 2, label: label, scores: [1, 1, 1, 1, 1], source: .model,
                    heading: nil, truncated: index == 3)
            })
        #expect(abstract.sections.map(\.label) == [0, 2, 3, 0])
        #expect(abstract.sections.map(\.sentences) == [0..<2, 2..<3, 3..<6, 6..<7])
        #expect(abstract.sections.map(\.range) == [0..<5, 6..<8, 9..<17, 18..<20])
        #expect(abstract.truncated)
    }

    @Test("Sentences that were split elsewhere are joined by one space")
    func given() {
        let abstract = Abstract(sentences: ["One 😀.", "", "Two."])
        #expect(abstract.text.string(in: 0..<abstract.text.count) == "One 😀.  Two.")
        #expect(abstract.sentences.map { abstract.text.string(in: $0.range) } == ["One 😀.", "", "Two."])
    }

    @Test("Any text is labelled, and every code point is in one sentence or is whitespace between sentences")
    func fuzz() throws {
        let labeller = try Labeller(
            CheckpointDirectory(path: Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32").path()))
        let engine = Engine(labeller, threads: 2)
        var generator = SeededGenerator(seed: 20)
        let fragments = [
            "METHODS:", " ", "\n", "\r\n", "We did", "p < 0.05.", "(n = 3)", "é", "e\u{301}", "😀", "\u{0}", "\u{200F}",
            "א",
            "中文。", ".", "?!", "…", "RESULTS. ", "a", "10", "\u{FFFD}", "\u{2028}", "[SEP]", "x".padded(200),
        ]
        for round in 0..<400 {
            let count = Int.random(in: 0..<60, using: &generator)
            let text = (0..<count).map { _ in fragments.randomElement(using: &generator) ?? "" }.joined()
            let prepared = try labeller.prepare(labeller.abstract(text))
            let found = engine.label([prepared])[0]
            var end = 0
            for sentence in found.sentences {
                #expect(sentence.range.lowerBound >= end && !sentence.range.isEmpty, "round \(round)")
                let between = found.text.scalars[end..<sentence.range.lowerBound]
                #expect(between.allSatisfy { $0.properties.isWhitespace }, "round \(round)")
                #expect(sentence.scores.allSatisfy { (0...1).contains($0) })
                end = sentence.range.upperBound
            }
            #expect(found.text.scalars[end...].allSatisfy { $0.properties.isWhitespace }, "round \(round)")
        }
    }
}

extension String {
    fileprivate func padded(_ count: Int) -> String { String(repeating: self, count: count) }
}
