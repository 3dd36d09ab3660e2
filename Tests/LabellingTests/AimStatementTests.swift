import Checkpoint
import FoundationEssentials
import Labelling
import TestSupport
import Testing

/// The labels of the shipped checkpoint for plain statements of aim in invented abstracts
/// (`Tests/Fixtures/aims/make_aims.py`).
@Suite("Statements of aim")
struct AimStatementTests {
    private struct Invented: Decodable {
        let id: String
        let sentences: [String]
        /// The index of the statement of aim among the sentences.
        let aim: Int
    }

    @Test("A plain statement of aim is labelled OBJECTIVE in 98 of 100 abstracts, long and short")
    func aims() throws {
        let file = Locations.fixtures.appending(path: "aims/aims.json")
        let abstracts = try JSONDecoder().decode([Invented].self, from: Data(contentsOf: file))
        let labeller = try Labeller(CheckpointDirectory(path: Locations.models.path()))
        let prepared = try abstracts.map { try labeller.prepare(Abstract(sentences: $0.sentences)) }
        let labelled = Engine(labeller, threads: 2).label(prepared)
        let missed = zip(abstracts, labelled).filter { abstract, labelled in
            labeller.labels[labelled.sentences[abstract.aim].label] != "OBJECTIVE"
        }
        #expect(abstracts.count == 100)
        // The shipped checkpoint labels 91 correctly, because the authors of its training data often state their aim
        // under BACKGROUND.
        withKnownIssue("the checkpoint labels some statements of aim BACKGROUND (Documentation/accuracy.md)") {
            #expect(missed.count <= 2, "\(missed.map(\.0.id))")
        }
        #expect(missed.count <= 12, "\(missed.map(\.0.id))")
    }
}
