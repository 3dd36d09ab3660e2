import Evaluation
import Experiments
import Runs
import TestSupport
import Testing
import Training

@Suite("Paired bootstrap")
struct PairedBootstrapTests {
    private func accuracy(_ measurements: [Measurement], resamples: Int = 10_000, seed: UInt64 = 1) throws
        -> [Comparison.Result]
    {
        var bootstrap = PairedBootstrap()
        bootstrap.resamples = resamples
        bootstrap.seed = seed
        let comparison = bootstrap.compare(try ClusterCounts(measurements))
        return try #require(comparison.figure("accuracy")).results
    }

    struct Binomial: CustomTestStringConvertible, Sendable {
        let right: Int
        let count: Int
        var testDescription: String { "\(right) of \(count)" }
    }

    @Test(
        "The interval of an accuracy over independent items matches the binomial distribution",
        arguments: [
            Binomial(right: 300, count: 400), Binomial(right: 540, count: 600), Binomial(right: 100, count: 200),
        ])
    func binomial(_ row: Binomial) throws {
        let items = SyntheticPredictions.outcomes(right: row.right, of: row.count, seed: 3).map { [$0] }
        let result = try accuracy([SyntheticPredictions.measurement("one", items)])[0]
        let share = Double(row.right) / Double(row.count)
        let deviation = (share * (1 - share) / Double(row.count)).squareRoot()
        #expect(result.estimate.value == share)
        // An accuracy changes in steps of one item; the ends of 10,000 resamples vary by a twentieth of a deviation.
        let tolerance = 1 / Double(row.count) + 0.1 * deviation
        #expect(abs(result.estimate.lower - (share - 1.96 * deviation)) < tolerance)
        #expect(abs(result.estimate.upper - (share + 1.96 * deviation)) < tolerance)
        #expect(result.difference == nil)
    }

    @Test("The interval of a paired difference matches that of the mean of differences")
    func pairedMean() throws {
        let first = SyntheticPredictions.outcomes(right: 400, of: 500, seed: 4)
        // The second system differs on 60 items: 40 of them only it gets right, and 20 only the first.
        var second = first
        for index in first.indices.filter({ !first[$0] }).prefix(40) { second[index] = true }
        for index in first.indices.filter({ first[$0] }).prefix(20) { second[index] = false }
        let results = try accuracy([
            SyntheticPredictions.measurement("first", first.map { [$0] }),
            SyntheticPredictions.measurement("second", second.map { [$0] }),
        ])
        let difference = try #require(results[1].difference)
        let mean = 20.0 / 500
        let deviation = ((60.0 / 500 - mean * mean) / 500).squareRoot()
        #expect(abs(difference.estimate.value - mean) < 1e-12)
        #expect(abs(difference.estimate.lower - (mean - 1.96 * deviation)) < 0.004)
        #expect(abs(difference.estimate.upper - (mean + 1.96 * deviation)) < 0.004)
        // The two-sided p-value of a normal distribution at 2.59 standard deviations.
        #expect(abs(difference.p - 0.0096) < 0.006)
        // Without pairing the result would be unclear: each accuracy varies more than the difference.
        #expect(
            results[0].estimate.upper - results[0].estimate.lower > difference.estimate.upper
                - difference.estimate.lower)
    }

    @Test("Identical systems have a difference of 0 and p = 1")
    func identical() throws {
        let items = SyntheticPredictions.outcomes(right: 60, of: 100, seed: 5).map { [$0] }
        let results = try accuracy(
            [SyntheticPredictions.measurement("first", items), SyntheticPredictions.measurement("second", items)],
            resamples: 1_000)
        let difference = try #require(results[1].difference)
        #expect([difference.estimate.value, difference.estimate.lower, difference.estimate.upper] == [0, 0, 0])
        #expect(difference.p == 1)
        #expect(difference.correctedP == 1)
    }

    @Test("A clear difference of either sign has p below 0.001", arguments: [true, false])
    func clear(isBetter: Bool) throws {
        let good = SyntheticPredictions.outcomes(right: 180, of: 200, seed: 6).map { [$0] }
        let bad = SyntheticPredictions.outcomes(right: 100, of: 200, seed: 7).map { [$0] }
        let results = try accuracy([
            SyntheticPredictions.measurement("first", isBetter ? bad : good),
            SyntheticPredictions.measurement("second", isBetter ? good : bad),
        ])
        let difference = try #require(results[1].difference)
        #expect(difference.p < 0.001)
        #expect((difference.estimate.lower > 0) == isBetter)
        #expect((difference.estimate.upper < 0) != isBetter)
    }

    @Test("Correlated sentences of an abstract make the interval wider than independent sentences do")
    func clustering() throws {
        // All ten sentences of an abstract are right, or all are wrong.
        let abstracts = SyntheticPredictions.outcomes(right: 60, of: 80, seed: 8).map {
            [Bool](repeating: $0, count: 10)
        }
        let together = try accuracy([SyntheticPredictions.measurement("one", abstracts)])[0].estimate
        let apart = try accuracy([SyntheticPredictions.measurement("one", abstracts.joined().map { [$0] })])[0].estimate
        #expect(together.value == apart.value)
        let ratio = (together.upper - together.lower) / (apart.upper - apart.lower)
        // For clusters of ten identical outcomes the interval is √10 times as wide.
        #expect(abs(ratio - 10.0.squareRoot()) < 0.4)
    }

    @Test("The same seed gives the same comparison, and another seed a different one")
    func seeds() throws {
        let items = SyntheticPredictions.outcomes(right: 60, of: 100, seed: 9).map { [$0] }
        let measurements = [SyntheticPredictions.measurement("one", items)]
        let first = try accuracy(measurements, resamples: 500)
        #expect(try accuracy(measurements, resamples: 500) == first)
        #expect(try accuracy(measurements, resamples: 500, seed: 2) != first)
    }

    @Test("Several runs count as their mean, and disagreement between them widens the interval")
    func severalRuns() throws {
        let good = SyntheticPredictions.outcomes(right: 450, of: 500, seed: 10).map { [$0] }
        let bad = SyntheticPredictions.outcomes(right: 350, of: 500, seed: 10).map { [$0] }
        let two = try accuracy([
            SyntheticPredictions.measurement("one", run: "1", good),
            SyntheticPredictions.measurement("one", run: "2", bad),
        ])[0].estimate
        #expect(abs(two.value - 0.8) < 1e-12)
        // Half of the resamples contain the same run twice.
        #expect(two.lower < 0.72 && two.upper > 0.88)
        let alike = try accuracy([
            SyntheticPredictions.measurement("one", run: "1", good),
            SyntheticPredictions.measurement("one", run: "2", good),
        ])[0].estimate
        #expect(alike.upper - alike.lower < (two.upper - two.lower) / 2)
    }

    @Test(
        "Metrics equal those computed from the predictions directly, for one label and any number",
        arguments: [true, false])
    func figures(areExclusive: Bool) throws {
        var generator = SeededGenerator(seed: 11)
        var predictions = Predictions(labels: ["A", "B", "C"], areExclusive: areExclusive)
        func draw() -> [Int] {
            areExclusive
                ? [Int.random(in: 0..<3, using: &generator)]
                : (0..<3).filter { _ in Bool.random(using: &generator) }
        }
        for index in 0..<60 {
            predictions.items.append(
                Prediction(id: "\(index)", text: "", truth: draw(), given: draw(), probabilities: [0, 0, 0]))
        }
        var bootstrap = PairedBootstrap()
        bootstrap.resamples = 100
        let measurement = Measurement(
            system: "one", run: "one", evaluation: ModelEvaluation(predictions),
            task: areExclusive ? .text : .multiLabelText)
        let comparison = bootstrap.compare(try ClusterCounts([measurement]))
        let counts = predictions.multiLabelCounts
        func value(_ metric: String, _ label: String? = nil) -> Double? {
            comparison.figure(metric, label: label)?.results.first?.estimate.value
        }
        #expect(value("accuracy") == (areExclusive ? predictions.confusionMatrix.accuracy : counts.subsetAccuracy))
        #expect(value("micro_f1") == counts.micro.f1)
        #expect(value("macro_f1") == counts.macro.f1)
        #expect(value("weighted_f1") == counts.weighted.f1)
        for (place, label) in predictions.labels.enumerated() { #expect(value("f1", label) == counts.scores(place).f1) }
    }

    @Test("p-values of several comparisons have Holm's correction")
    func correction() throws {
        let first = SyntheticPredictions.outcomes(right: 120, of: 200, seed: 12)
        var others: [Measurement] = []
        for (index, gained) in [4, 8, 16].enumerated() {
            var better = first
            for item in first.indices.filter({ !first[$0] }).prefix(gained) { better[item] = true }
            for item in first.indices.filter({ first[$0] }).prefix(4) { better[item] = false }
            others.append(SyntheticPredictions.measurement("other \(index)", better.map { [$0] }))
        }
        let differences = try accuracy([SyntheticPredictions.measurement("first", first.map { [$0] })] + others)
            .compactMap(\.difference)
        #expect(differences.count == 3)
        #expect(holmCorrected(differences.map(\.p)) == differences.map(\.correctedP))
    }
}
