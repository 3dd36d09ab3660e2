import Kernels
import TestSupport
import Testing

// Part of the harness, whose tests are serialised, because the instruction set is a setting of the whole process.
extension NumericHarnessTests {
    @Suite("Dropout")
    struct DropoutTests {
        private static let rows = 500
        private static let columns = 1000

        private static func dropped(_ dropout: Dropout, members: Int = 2) -> [Float] {
            var x = Matrix(rows: rows, columns: columns, [Float](repeating: 1, count: rows * columns))
            dropOut(&x, dropout, team: ThreadTeam(count: members))
            return x.values
        }

        @Test(
            "The fraction of dropped elements matches the probability, and kept elements are scaled",
            arguments: [0.05, 0.1, 0.5, 0.9] as [Float])
        func share(_ probability: Float) {
            let values = Self.dropped(Dropout(probability: probability, key: 17))
            let (count, p) = (Double(values.count), Double(probability))
            let kept = Double(values.count { $0 != 0 })
            // Five standard deviations of a binomial distribution.
            #expect(abs(kept - count * (1 - p)) < 5 * (count * p * (1 - p)).squareRoot())
            #expect(values.allSatisfy { $0 == 0 || $0 == 1 / (1 - probability) })
        }

        @Test("Every instruction set and every team drops the same elements")
        func sameEverywhere() {
            defer { _ = Arithmetic.select(Arithmetic.instructionSets[0]) }
            let dropout = Dropout(probability: 0.3, key: 18)
            let first = Self.dropped(dropout)
            for instructionSet in Arithmetic.instructionSets {
                #expect(Arithmetic.select(instructionSet))
                for members in [1, 3] { #expect(Self.dropped(dropout, members: members) == first) }
            }
        }

        @Test("A probability of 0 changes nothing")
        func nothingDropped() {
            #expect(Self.dropped(.none).allSatisfy { $0 == 1 })
        }

        @Test(
            "Masks of different keys or places agree only by chance",
            arguments: [(18, 0), (17 + 1 << 32, 0), (17, 1), (17, 64), (17, columns)] as [(UInt64, Int)])
        func unrelated(key: UInt64, shift: Int) {
            let first = Self.dropped(Dropout(probability: 0.5, key: 17))
            let second = Self.dropped(Dropout(probability: 0.5, key: key)).dropFirst(shift)
            let agreeing = zip(first, second).count { $0 == $1 }
            let expected = Double(second.count) / 2
            #expect(abs(Double(agreeing) - expected) < 5 * (expected / 2).squareRoot())
        }

        @Test("residualNorm drops the same elements as dropOut")
        func sameInResidualNorm() {
            let dropout = Dropout(probability: 0.4, key: 19)
            let (rows, columns, team) = (70, 52, ThreadTeam(count: 3))
            func ones(_ rows: Int) -> Matrix {
                Matrix(rows: rows, columns: columns, [Float](repeating: 1, count: rows * columns))
            }
            var alone = ones(rows)
            var sum = ones(rows)
            var y = ones(rows)
            var statistics = Matrix(rows: rows, columns: 2)
            dropOut(&alone, dropout, team: team)
            residualNorm(
                &sum, residual: Matrix(rows: rows, columns: columns), dropout,
                NormWeights(gamma: TrainableMatrix(ones(1)), beta: TrainableMatrix(ones(1)), epsilon: 1e-5), into: &y,
                statistics: &statistics, team: team)
            #expect(sum.values == alone.values)
        }
    }
}
