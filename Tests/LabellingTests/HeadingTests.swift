import Checkpoint
import FoundationEssentials
import Labelling
import TestSupport
import Testing
import Text

@Suite("Labels below inline headings")
struct HeadingTests {
    private static let labeller = Result { try Labeller(CheckpointDirectory(path: Locations.models.path())) }

    private func label(_ text: String, headings: HeadingPolicy = .use) throws -> [(
        label: String, source: LabelledAbstract.Source, heading: String?
    )] {
        let labeller = try Self.labeller.get()
        let found = Engine(labeller, threads: 1).label([
            try labeller.prepare(labeller.abstract(text), headings: headings)
        ])[0]
        return found.sentences.map {
            (labeller.labels[$0.label], $0.source, $0.heading.map(found.text.string(in:)))
        }
    }

    @Test("Headings decide the labels of the sentences below them, even against the model")
    func decide() throws {
        // These headings contradict the content of the sentences below them.
        let text = """
            RESULTS: Hypertension is common. Its cause is unknown. METHODS: The rate fell by 3% (p < 0.05). \
            CONCLUSIONS: We enrolled 30 patients. They were randomised.
            """
        let used = try label(text)
        #expect(used.map(\.label) == ["RESULTS", "RESULTS", "METHODS", "CONCLUSIONS", "CONCLUSIONS"])
        #expect(used.allSatisfy { $0.source == .heading })
        #expect(used.map(\.heading) == ["RESULTS", "RESULTS", "METHODS", "CONCLUSIONS", "CONCLUSIONS"])
        let ignored = try label(text, headings: .ignore)
        #expect(ignored.allSatisfy { $0.source == .model })
        #expect(ignored.map(\.label) != used.map(\.label))
    }

    @Test("The model never reads a heading")
    func notRead() throws {
        let labeller = try Self.labeller.get()
        let with = try labeller.prepare(
            labeller.abstract("METHODS: We enrolled 30 patients. CONCLUSION: It works well."))
        let without = try labeller.prepare(labeller.abstract("We enrolled 30 patients. It works well."))
        #expect(with.layout == without.layout)
    }

    @Test("Below a combined heading, the model chooses among the heading's labels")
    func combined() throws {
        let found = try label(
            "BACKGROUND/AIMS: Asthma is common. We aimed to compare two inhalers. METHODS: We enrolled 30 patients. CONCLUSION: Both work."
        )
        #expect(found[..<2].allSatisfy { ["BACKGROUND", "OBJECTIVE"].contains($0.label) && $0.source == .model })
        #expect(found[2].source == .heading)
    }

    @Test("The last heading decides its first sentence; later sentences may take a later label")
    func lastHeading() throws {
        let found = try label(
            "METHODS: We enrolled 30 patients. They took the drug daily. Mortality fell from 10% to 5% (p < 0.01). In conclusion, the drug saves lives."
        )
        #expect(found[0].label == "METHODS" && found[0].source == .heading)
        #expect(
            found.dropFirst().allSatisfy { $0.source == .model && !["BACKGROUND", "OBJECTIVE"].contains($0.label) })
        #expect(found.map(\.label).suffix(2) == ["RESULTS", "CONCLUSIONS"])
    }

    @Test("The model labels the sentences before the first heading")
    func beforeFirst() throws {
        let found = try label("Asthma is common. METHODS: We enrolled 30 patients. CONCLUSION: It works.")
        #expect(found[0].source == .model && found[0].heading == nil)
    }

    @Test("A label decided by a heading has probability 1")
    func scores() throws {
        let labeller = try Self.labeller.get()
        let prepared = try labeller.prepare(labeller.abstract("RESULTS: Asthma is common. CONCLUSION: It works."))
        let found = Engine(labeller, threads: 1).label([prepared])[0]
        #expect(found.sentences.map(\.confidence) == [1, 1])
        #expect(found.sentences.allSatisfy { abs($0.scores.reduce(0, +) - 1) < 1e-9 })
    }
}
