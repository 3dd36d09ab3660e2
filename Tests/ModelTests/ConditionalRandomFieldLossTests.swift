import Glibc
import Model
import TestSupport
import Testing

@Suite("Conditional random field, learning")
struct ConditionalRandomFieldLossTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let labels: [Int]
        var allowed: [Int: [Int]] = [:]
        var exactShare = 1.0
        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "one sentence", labels: [2]),
        Row(name: "five sentences", labels: [0, 0, 2, 3, 1]),
        Row(
            name: "two labels allowed here and there", labels: [0, 1, 2, 3], allowed: [0: [0, 1], 1: [0, 1]],
            exactShare: 0),
        Row(
            name: "a mixture", labels: [0, 1, 2, 3, 3], allowed: [0: [0, 1], 1: [0, 1], 4: [1, 3]], exactShare: 0.3),
    ]

    /// A field and emissions as one vector, so that a difference can be taken by each number.
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

        func loss(_ row: Row) -> (loss: Double, gradient: ConditionalRandomField.Gradient) {
            field.loss(
                emissions: emissions, labels: row.labels,
                allowed: row.labels.indices.map { LabelSubset(row.allowed[$0] ?? [row.labels[$0]]) },
                exactShare: row.exactShare)
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

    @Test("The loss is minus the log of the labelling's probability")
    func probability() {
        let row = Self.rows[0]
        let point = Point(row)
        let marginals = point.field.marginals(emissions: point.emissions, allowed: [.all]).marginals
        #expect(abs(point.loss(row).loss + log(marginals[0][2])) < 1e-12)
    }

    @Test("Any allowed labelling at all costs nothing")
    func everything() {
        let row = Row(
            name: "", labels: [1, 2], allowed: [0: [0, 1, 2, 3], 1: [0, 1, 2, 3]], exactShare: 0)
        let (loss, gradient) = Point(row).loss(row)
        #expect(abs(loss) < 1e-12)
        #expect(gradient.emissions.joined().allSatisfy { abs($0) < 1e-12 })
    }
}
