import Corpora
import Labelling
import Model
import Runs
import TestSupport
import Testing
import Training

@Suite("Plan of an epoch")
struct EpochPlanTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        var tokensPerBatch = 200
        var batchSize: Int?
        var accumulation = 1
        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "a small budget"), Row(name: "a large budget", tokensPerBatch: 100_000),
        Row(name: "few items per batch", batchSize: 3), Row(name: "several batches per step", accumulation: 4),
    ]

    private func plan(_ row: Row, epoch: Int, seed: UInt64 = 1) throws -> (plan: EpochPlan, set: TrainingSet) {
        var recipe = TinyRun.recipe
        recipe.tokensPerBatch = row.tokensPerBatch
        recipe.batchSize = row.batchSize
        recipe.accumulation = row.accumulation
        recipe.seed = seed
        let job = try TinyRun.job(recipe, training: TinyRun.corpus(TinyRun.abstracts(70)))
        return (try EpochPlan(job.training, recipe: recipe, epoch: epoch), job.training)
    }

    @Test("Every item is read once, and no batch exceeds the token budget", arguments: rows)
    func coverage(_ row: Row) throws {
        let (plan, set) = try plan(row, epoch: 2)
        #expect(plan.batches.joined().map(\.item).sorted() == Array(0..<70))
        for batch in plan.batches {
            #expect(!batch.isEmpty && batch.count <= row.batchSize ?? .max)
            #expect(batch.reduce(0) { $0 + set.tokens(of: $1) } <= row.tokensPerBatch)
        }
        let steps = (0..<plan.steps).flatMap { Array(plan.batches(ofStep: $0)) }
        #expect(steps == plan.batches)
    }

    @Test("An abstract is read as often as its weight says, in a different form each time")
    func weights() throws {
        var abstracts = TinyRun.abstracts(200)
        for index in abstracts.indices { abstracts[index].weight = index < 100 ? 2.5 : 0.25 }
        var recipe = TinyRun.recipe
        recipe.shortened = 1
        let set = try TinyRun.job(recipe, training: TinyRun.corpus(abstracts)).training
        let readings = try (0..<4).map { Array(try EpochPlan(set, recipe: recipe, epoch: $0).batches.joined()) }
        for epoch in readings {
            let counts = epoch.reduce(into: [Int](repeating: 0, count: 200)) { $0[$1.item] += 1 }
            #expect(counts[..<100].allSatisfy { $0 == 2 || $0 == 3 } && counts[100...].allSatisfy { $0 <= 1 })
            #expect(
                (220...280).contains(counts[..<100].reduce(0, +)) && (10...45).contains(counts[100...].reduce(0, +)))
        }
        #expect(
            readings[0].count { $0.item < 100 } != readings[1].count { $0.item < 100 } || readings[0] != readings[1])
        let first = Dictionary(grouping: readings[0], by: \.item).values.filter { $0.count > 1 }
        #expect(first.contains { $0[0].sentences != $0[1].sentences })
    }

    @Test("The token count of a reading equals that of its windows")
    func counts() throws {
        let (plan, set) = try plan(Row(name: ""), epoch: 0)
        for reading in plan.batches.joined() {
            var generator = SplitMix64(seed: 1)
            let example = set.example(reading, maskedPieces: 0, exactShare: 1, generator: &generator)
            #expect(example.windows.tokens == set.tokens(of: reading))
            #expect(example.windows.spans == example.target.items)
        }
    }

    @Test("The plan depends only on the epoch and the seed")
    func determinism() throws {
        let row = Row(name: "")
        let first = try plan(row, epoch: 1).plan.batches
        #expect(try plan(row, epoch: 1).plan.batches == first)
        #expect(try plan(row, epoch: 2).plan.batches != first)
        #expect(try plan(row, epoch: 1, seed: 2).plan.batches != first)
    }

    @Test("An item that exceeds the token budget is refused")
    func tooLong() throws {
        let error = #expect(throws: TrainingError.self) { _ = try plan(Row(name: "", tokensPerBatch: 20), epoch: 0) }
        #expect(error?.description.contains("--tokens-per-batch is 20") == true)
    }

    @Test("A shortened abstract keeps one or two sentences of each run, in order")
    func shortening() {
        let labels = [0, 0, 0, 1, 2, 2, 2, 2, 3, 3, 0]
        for seed in 0..<50 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let kept = EpochPlan.shortened(labels, &generator)
            #expect(kept == kept.sorted() && Set(kept).count == kept.count)
            for run in [0..<3, 3..<4, 4..<8, 8..<10, 10..<11] {
                #expect((1...min(2, run.count)).contains(kept.count { run.contains($0) }))
            }
        }
    }

    @Test("A shortened abstract may lose whole runs but keeps at least two")
    func omittedRuns() {
        let labels = [0, 0, 1, 2, 2, 3]
        var runs: Set<Int> = []
        for seed in 0..<50 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let kept = Set(EpochPlan.shortened(labels, omitting: 0.6, &generator).map { labels[$0] })
            #expect(kept.count >= 2)
            runs.insert(kept.count)
        }
        #expect(runs == [2, 3, 4])
    }

    @Test("The chosen fraction of tokens is masked, and never special tokens")
    func masking() throws {
        let (plan, set) = try plan(Row(name: ""), epoch: 0)
        let mask: Int32 = 4
        var (masked, pieces) = (0, 0)
        for reading in plan.batches.joined() {
            var generator = SplitMix64(seed: 3)
            let plain = set.example(reading, maskedPieces: 0, exactShare: 1, generator: &generator).windows
            let other = set.example(reading, maskedPieces: 0.2, exactShare: 1, generator: &generator).windows
            for (id, masking) in zip(plain.flatMap(\.ids), other.flatMap(\.ids)) {
                #expect(masking == id || (masking == mask && id > mask))
                pieces += 1
                masked += masking == mask ? 1 : 0
            }
        }
        #expect((0.1...0.2).contains(Double(masked) / Double(pieces)))
    }

    struct Ambiguity: CustomTestStringConvertible, Sendable {
        let name: String
        let labels: [String]
        let exactShare: Double
        let allowed: [[Int]]
        let effectiveShare: Double
        var testDescription: String { name }
    }

    static let ambiguities = [
        Ambiguity(
            name: "only BACKGROUND", labels: ["BACKGROUND", "METHODS"], exactShare: 0.5, allowed: [[0, 1], [2]],
            effectiveShare: 0.5),
        Ambiguity(
            name: "only OBJECTIVE", labels: ["OBJECTIVE", "METHODS"], exactShare: 0.5, allowed: [[0, 1], [2]],
            effectiveShare: 0.5),
        Ambiguity(
            name: "both", labels: ["BACKGROUND", "OBJECTIVE"], exactShare: 0.5, allowed: [[0], [1]],
            effectiveShare: 1),
        Ambiguity(
            name: "neither", labels: ["METHODS", "RESULTS"], exactShare: 0.5, allowed: [[2], [3]], effectiveShare: 1),
        Ambiguity(
            name: "exact likelihood only", labels: ["BACKGROUND", "METHODS"], exactShare: 1, allowed: [[0], [2]],
            effectiveShare: 1),
    ]

    @Test("If an abstract uses only one of BACKGROUND and OBJECTIVE, either label is allowed", arguments: ambiguities)
    func ambiguity(_ row: Ambiguity) throws {
        let first = TrainingAbstract(
            id: "first", sentences: row.labels.map { TrainingAbstract.Sentence(text: "the risk", label: $0) })
        let job = try TinyRun.job(training: TinyRun.corpus([first] + TinyRun.abstracts(3)))
        var generator = SplitMix64(seed: 1)
        let example = job.training.example(
            Reading(item: 0, masksNumbers: false, sentences: nil), maskedPieces: 0, exactShare: row.exactShare,
            generator: &generator)
        #expect(
            example.target
                == .sequence(
                    named: row.labels.map { label in
                        LabelSubset(TinyRun.labels.indices.filter { TinyRun.labels[$0] == label })
                    },
                    allowed: row.allowed.map { LabelSubset($0) }, exactShare: row.effectiveShare))
    }
}
