import Checkpoint
import FoundationEssentials
import Glibc
import Labelling
import TestSupport
import Testing

@Suite("Drift from the data a checkpoint was evaluated on")
struct DriftTests {
    private let labeller: Labeller

    init() throws {
        labeller = try Labeller(
            CheckpointDirectory(path: Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32").path()))
    }

    private func profile(of texts: [String]) throws -> LabellingProfile {
        let engine = Engine(labeller, threads: 1)
        var profile = LabellingProfile(labels: labeller.labels.count)
        for text in texts {
            let prepared = try labeller.prepare(labeller.abstract(text))
            for labelled in engine.label([prepared]) { profile.add(prepared, labelled, labeller) }
        }
        return profile
    }

    @Test("A profile counts sentences, tokens, labels and confidences")
    func counts() throws {
        let profile = try profile(of: ["Falls are common. We asked why.", "METHODS: They fell. \u{1F989} flew."])
        #expect(profile.abstracts == 2 && profile.labels.reduce(0, +) == 4)
        #expect(profile.sentencesPerAbstract.counts == [2] + [Int](repeating: 0, count: 10))
        #expect(profile.piecesPerSentence.counts.reduce(0, +) == 4)
        // A heading decided one of the four labels.
        #expect(profile.confidence.counts.reduce(0, +) == 3)
        #expect(profile.unknownPieces >= 1 && profile.pieces > 10)
        #expect(profile.unknownPieceRate == Double(profile.unknownPieces) / Double(profile.pieces))
        var twice = profile
        twice.add(profile)
        #expect(twice.abstracts == 4 && twice.pieces == 2 * profile.pieces)
        #expect(twice.sentencesPerAbstract.counts[0] == 4)
    }

    @Test("A profile is read back as written; a file that is malformed or belongs to another checkpoint is refused")
    func file() throws {
        let directory = try TemporaryDirectory()
        let path = directory.url.appending(path: LabellingProfile.fileName).path()
        let profile = try profile(of: ["Falls are common. We asked why."])
        try profile.write(to: path)
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        #expect(try LabellingProfile(json: bytes, labels: 5) == profile)
        #expect(throws: LabellingError.self) { try LabellingProfile(json: bytes, labels: 4) }
        let text = String(decoding: bytes, as: UTF8.self)
        for bad in [
            "", "[]", "{}", text.replacing("0.99", with: "0.97"),
            text.replacing("\"abstracts\":1", with: "\"abstracts\":\"1\""),
            text.replacing("\"pieces\":", with: "\"pieces\":-"),
        ] {
            #expect(throws: LabellingError.self) { try LabellingProfile(json: Array(bad.utf8), labels: 5) }
        }
    }

    @Test("A checkpoint is loaded with its profile, and the error for an unsuitable profile names the file")
    func loading() throws {
        let source = Locations.fixtures.appending(path: "checkpoints/sequence-labeller-f32")
        let directory = try TemporaryDirectory(copyOf: source)
        let path = directory.url.appending(path: LabellingProfile.fileName).path()
        let profile = try profile(of: ["Falls are common."])
        try profile.write(to: path)
        #expect(try Labeller(CheckpointDirectory(path: directory.url.path())).profile == profile)
        try LabellingProfile(labels: 3).write(to: path)
        let error = #expect(throws: LabellingError.self) {
            try Labeller(CheckpointDirectory(path: directory.url.path()))
        }
        #expect(error.map { "\($0)" }?.contains("profile.json") == true)
    }

    @Test("The stability index follows its formula: 0 for equal shares and finite for empty ranges")
    func stabilityIndex() {
        #expect(populationStabilityIndex([10, 20, 30], [10, 20, 30]) == 0)
        #expect(abs(populationStabilityIndex([1_000, 2_000, 3_000], [10, 20, 30])) < 1e-3)
        // By hand: shares (100.5, 300.5) / 401 and (200.5, 200.5) / 401.
        let (p, q) = (100.5 / 401, 0.5)
        let expected = (q - p) * log(q / p) + (0.5 - 300.5 / 401) * log(0.5 / (300.5 / 401))
        #expect(abs(populationStabilityIndex([100, 300], [200, 200]) - expected) < 1e-12)
        #expect(abs(populationStabilityIndex([200, 200], [100, 300]) - expected) < 1e-12)
        #expect(populationStabilityIndex([0, 100], [100, 0]).isFinite)
        #expect(populationStabilityIndex([0, 100], [100, 0]) > 5)
    }

    @Test("Drift is zero for the same texts and large for other texts")
    func drift() throws {
        let same = (0..<40).map { "Falls are common in group \($0). We randomised \($0) adults. They fell less." }
        let other = (0..<40).map { _ in "\u{1F989}\u{1F989} \u{1F989}." }
        let reference = try profile(of: same)
        let none = Drift(from: reference, to: try profile(of: same))
        #expect(none.stabilityIndices.values.allSatisfy { $0 == 0 } && none.shareDifferences.allSatisfy { $0 == 0 })
        let changed = Drift(from: reference, to: try profile(of: other))
        #expect((changed.stabilityIndices[.sentencesPerAbstract] ?? 0) > 1)
        #expect(abs(changed.shareDifferences.reduce(0, +)) < 1e-12)
    }
}
