import Checkpoint
import FoundationEssentials
import Kernels
import Model
import TestSupport
import Testing

/// Compares checkpoints with PyTorch, starting from token ids. The expected values are in `golden.json`; the tolerance
/// is 1e-4 absolute.
@Suite("Agreement with PyTorch")
struct GoldenModelTests {
    private static let tolerance = 1e-4
    private static let golden = Result { try Golden(Locations.fixtures.appending(path: "reference/golden.json")) }

    @Test("The shipped checkpoint agrees with PyTorch, one abstract at a time and in one batch")
    func shipped() throws {
        try agree(GoldenRun(Locations.models), Self.golden.get().abstracts, tolerance: Self.tolerance)
    }

    @Test(
        "The reference checkpoint agrees with PyTorch, on real abstracts too", .enabled(if: Locations.shared != nil),
        arguments: ["golden.json", "golden_corpus.json"])
    func reference(file: String) throws {
        let directory = try #require(Locations.shared).appending(path: "reference")
        let golden = try Golden(directory.appending(path: file))
        try agree(GoldenRun(directory), golden.abstracts, tolerance: Self.tolerance)
    }

    @Test("Tiny sequence labellers agree with PyTorch", arguments: ["sequence-labeller-f32", "sequence-labeller-f16"])
    func tiny(name: String) throws {
        let directory = Locations.fixtures.appending(path: "checkpoints/\(name)")
        let golden = try Golden(directory.appending(path: "expected.json"))
        try agree(GoldenRun(directory), golden.abstracts, tolerance: Self.tolerance)
    }

    private func agree(_ run: GoldenRun, _ abstracts: [Golden.Abstract], tolerance: Double) throws {
        var largest = Differences()
        for abstract in abstracts { largest.add(run.differences(of: [abstract])) }
        largest.add(run.differences(of: abstracts))
        largest.add(run.differences(of: abstracts.reversed()))
        #expect(largest.encoder <= tolerance, "encoder rows differ by \(largest.encoder)")
        #expect(largest.emissions <= tolerance, "emissions differ by \(largest.emissions)")
        #expect(largest.marginals <= tolerance, "marginals differ by \(largest.marginals)")
        #expect(
            largest.logPartition <= tolerance * 10,
            "log partitions, which are sums over sentences, differ by \(largest.logPartition)")
        #expect(largest.labels == 0)
        print(
            "largest difference from PyTorch over \(abstracts.count) abstracts, alone and mixed: encoder \(largest.encoder), emissions \(largest.emissions), marginals \(largest.marginals)"
        )
    }
}

/// The largest differences found so far.
struct Differences {
    var encoder = 0.0
    var emissions = 0.0
    var marginals = 0.0
    var logPartition = 0.0
    /// Number of labels that differ.
    var labels = 0

    mutating func add(_ other: Differences) {
        encoder = max(encoder, other.encoder)
        emissions = max(emissions, other.emissions)
        marginals = max(marginals, other.marginals)
        logPartition = max(logPartition, other.logPartition)
        labels += other.labels
    }
}

/// A sequence labeller with a workspace for many windows.
final class GoldenRun {
    private let model: SequenceLabeller
    private let temperature: Double
    private let team = ThreadTeam(count: 2)
    private var workspace: Workspace

    init(_ directory: URL) throws {
        let files = try CheckpointDirectory(path: directory.path())
        let loaded = try LoadedModel(Configuration(json: files.file("config.json")), tensors: files.tensors())
        guard case .sequenceLabeller(let model) = loaded else {
            throw CheckpointKindError()
        }
        self.model = model
        temperature = loaded.configuration.temperature
        workspace = Workspace(for: loaded.configuration, labels: loaded.labels.count, tokens: 20_000, threads: 2)
    }

    /// Runs the abstracts' windows in one batch and compares all results with the golden file.
    func differences(of abstracts: [Golden.Abstract]) -> Differences {
        var batch = Batch()
        var spans: [Range<Int>] = []
        for window in abstracts.flatMap(\.windows) {
            spans += window.ranges.map { $0.lowerBound + batch.tokens..<$0.upperBound + batch.tokens }
            batch.append(window.ids)
        }
        model.emissions(batch, spans: spans, &workspace, team: team)

        var found = Differences()
        for (window, start) in zip(abstracts.flatMap(\.windows), batch.cumulativeLengths) {
            let rows = window.ids.indices.map { workspace.hidden.row(start + $0).map(Double.init) }
            found.encoder = max(
                found.encoder, largestDifference([rows[0], rows[rows.count - 1]], [window.firstRow, window.lastRow]),
                largestDifference([rows.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }], [window.rowNorms]),
                window.rows.map { largestDifference(rows, $0) } ?? 0)
        }
        let rows = (0..<workspace.logits.rows).map { workspace.logits.row($0) }
        var next = 0
        for abstract in abstracts {
            let emissions = abstract.emissions(rows: rows, from: &next)
            let free = [LabelSubset](repeating: .all, count: emissions.count)
            let (logPartition, marginals) = model.decoder.marginals(
                emissions: emissions, allowed: free, temperature: temperature)
            let labels = model.decoder.viterbi(emissions: emissions, allowed: free).map { model.labels[$0] }
            found.emissions = max(found.emissions, largestDifference(emissions, abstract.emissions))
            found.marginals = max(found.marginals, largestDifference(marginals, abstract.marginals))
            found.logPartition = max(found.logPartition, abs(logPartition - abstract.logPartition))
            found.labels += zip(labels, abstract.labels).count { $0 != $1 }
        }
        return found
    }
}

extension Golden.Abstract {
    /// Returns the row of each sentence: the weighted mean of its spans' rows, which begin at `next`.
    fileprivate func emissions(rows: [[Float]], from next: inout Int) -> [[Double]] {
        var sums = sentences.map { _ in [Double](repeating: 0, count: rows[0].count) }
        var totals = sentences.map { _ in 0.0 }
        var following = 0
        for window in windows {
            let first = window.firstSentence ?? following
            for place in window.spans.indices {
                let weight = window.weights?[place] ?? 1
                sums[first + place] = zip(sums[first + place], rows[next]).map { $0 + weight * Double($1) }
                totals[first + place] += weight
                next += 1
            }
            following = first + window.spans.count
        }
        return zip(sums, totals).map { sum, total in sum.map { $0 / total } }
    }
}

private struct CheckpointKindError: Error {}
