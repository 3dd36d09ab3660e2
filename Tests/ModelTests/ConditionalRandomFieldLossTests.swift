import Glibc
import Model
import TestSupport
import Testing

@Suite("Loss of the conditional random field")
struct ConditionalRandomFieldLossTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let labels: [Int]
        var allowed: [Int: [Int]] = [:]
        var exactShare = 1.0
        var taughtShare = 0.0
        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "one sentence", labels: [2]),
        Row(name: "five sentences", labels: [0, 0, 2, 3, 1]),
        Row(
            name: "two allowed labels for some sentences", labels: [0, 1, 2, 3], allowed: [0: [0, 1], 1: [0, 1]],
            exactShare: 0),
        Row(
            name: "exact weight 0.3", labels: [0, 1, 2, 3, 3], allowed: [0: [0, 1], 1: [0, 1], 4: [1, 3]],
            exactShare: 0.3),
        Row(name: "a teacher only", labels: [0, 1, 2], taughtShare: 1),
        Row(
            name: "exact weight 0.3 and a teacher", labels: [0, 1, 2, 3], allowed: [1: [0, 1]], exactShare: 0.3,
            taughtShare: 0.4),
    ]

    /// A field and emissions as one vector, so that central differences can be taken with respect to each number.
    private struct Point {
        let labels = 4
        let sentences: Int
        var values: [Double]

        init(_ row: Row) {
            var generator = SeededGenerator(seed: 9)
            sentences = row.labels.count
            values = (0..<(sentences + labels + 2) * labels).map { _ in .random(in: -2...2, using: &generator) }
        }

        func rows(_ range: Range<Int>) -> [[Double]] { range.map { Array(values[$0 * labels..<($0 + 1) * labels]) } }
        var emissions: [[Double]] { rows(0..<sentences) }
        var field: ConditionalRandomField {
            let rest = rows(sentences..<sentences + labels + 2)
            return ConditionalRandomField(
                transitions: Array(rest.prefix(labels)), start: rest[labels], end: rest[labels + 1])
        }

        /// The teacher's distributions; they depend on none of the numbers.
        var taught: [[Double]] {
            (0..<sentences).map { t in
                let weights = (0..<labels).map { Double(1 + (3 * t + 2 * $0) % 5) }
                return weights.map { $0 / weights.reduce(0, +) }
            }
        }

        func loss(_ row: Row) -> (loss: Double, gradient: ConditionalRandomField.Gradient) {
            field.loss(
                emissions: emissions, named: row.labels.map { LabelSubset([$0]) },
                allowed: row.labels.indices.map { LabelSubset(row.allowed[$0] ?? [row.labels[$0]]) },
                exactShare: row.exactShare,
                taught: row.taughtShare > 0 ? TaughtLabels(distributions: taught, share: row.taughtShare) : nil)
        }
    }

    @Test("The gradient agrees with central differences", arguments: rows)
    func gradient(_ row: Row) {
        let point = Point(row)
        let gradient = point.loss(row).gradient
        let found = (gradient.emissions + gradient.transitions + [gradient.start, gradient.end]).flatMap(\.self)
        let step = 1e-5
        for index in point.values.indices {
            var (above, below) = (point, point)
            above.values[index] += step
            below.values[index] -= step
            let expected = (above.loss(row).loss - below.loss(row).loss) / (2 * step)
            #expect(abs(found[index] - expected) < 1e-8, "number \(index)")
        }
    }

    @Test("The loss is minus the log of the probability of the labelling")
    func probability() {
        let row = Self.rows[0]
        let point = Point(row)
        let marginals = point.field.marginals(emissions: point.emissions, allowed: [.all]).marginals
        #expect(abs(point.loss(row).loss + log(marginals[0][2])) < 1e-12)
    }

    @Test("A teacher that is certain of the true labels gives the same loss and gradient as the labels")
    func certainTeacher() {
        let row = Row(name: "", labels: [1, 3, 0])
        let point = Point(row)
        let told = point.loss(row)
        let certain = row.labels.map { label in (0..<4).map { $0 == label ? 1.0 : 0 } }
        let taught = point.field.loss(
            emissions: point.emissions, named: row.labels.map { LabelSubset([$0]) },
            allowed: row.labels.map { LabelSubset([$0]) },
            exactShare: 1, taught: TaughtLabels(distributions: certain, share: 1))
        #expect(abs(told.loss - taught.loss) < 1e-12)
        let differences = zip(told.gradient.emissions.joined(), taught.gradient.emissions.joined()).map { abs($0 - $1) }
        #expect(differences.allSatisfy { $0 < 1e-12 })
    }

    @Test("With several named labels, the loss is minus the log of the sum of their probabilities")
    func severalNamed() {
        let row = Row(name: "", labels: [2])
        let point = Point(row)
        let marginals = point.field.marginals(emissions: point.emissions, allowed: [.all]).marginals
        let named = [LabelSubset([1, 2])]
        let loss = point.field.loss(emissions: point.emissions, named: named, allowed: named, exactShare: 1).loss
        #expect(abs(loss + log(marginals[0][1] + marginals[0][2])) < 1e-12)
    }

    @Test("A sentence without labels learns only from its teacher")
    func unknown() {
        let row = Row(name: "", labels: [0, 3])
        let point = Point(row)
        let nothing = [LabelSubset.all, .all]
        let silent = point.field.loss(emissions: point.emissions, named: nothing, allowed: nothing, exactShare: 1)
        #expect(abs(silent.loss) < 1e-12)
        let teacher = TaughtLabels(distributions: point.taught, share: 1)
        let taught = point.field.loss(
            emissions: point.emissions, named: nothing, allowed: nothing, exactShare: 1, taught: teacher)
        let told = point.field.loss(
            emissions: point.emissions, named: [LabelSubset([0]), LabelSubset([3])], allowed: nothing, exactShare: 1,
            taught: teacher)
        #expect(taught.loss == told.loss && taught.gradient == told.gradient)
    }

    @Test("The loss is zero if every label is allowed")
    func everything() {
        let row = Row(
            name: "", labels: [1, 2], allowed: [0: [0, 1, 2, 3], 1: [0, 1, 2, 3]], exactShare: 0)
        let (loss, gradient) = Point(row).loss(row)
        #expect(abs(loss) < 1e-12)
        #expect(gradient.emissions.joined().allSatisfy { abs($0) < 1e-12 })
    }
}
