import Kernels
import TestSupport
import Testing

// Part of the harness, whose tests are serialised, because the instruction set is a setting of the whole process.
extension NumericHarnessTests {
    @Suite("Optimiser kernels")
    struct OptimiserTests {
        @Test(
            "AdamW agrees with its formula in float64 for several steps on every instruction set",
            arguments: [(1, 1), (3, 26), (200, 104)], [0, 0.01] as [Float])
        func adamWAgrees(shape: (rows: Int, columns: Int), decay: Float) {
            defer { _ = Arithmetic.select(Arithmetic.instructionSets[0]) }
            for instructionSet in Arithmetic.instructionSets {
                #expect(Arithmetic.select(instructionSet))
                var generator = SeededGenerator(seed: 14)
                let value = Shared(rows: shape.rows, columns: shape.columns, from: &generator)
                let (first, second) = (
                    Shared(rows: shape.rows, columns: shape.columns), Shared(rows: shape.rows, columns: shape.columns)
                )
                var expected = value.matrix.values.map { (value: Double($0), first: 0.0, second: 0.0) }
                let team = ThreadTeam(count: 3)
                for t in 1...5 {
                    let gradient = Shared(rows: shape.rows, columns: shape.columns, from: &generator)
                    let step = AdamWStep(
                        rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: decay,
                        correction1: 1 - power(0.9, t), correction2: 1 - power(0.999, t), gradientScale: 0.7)
                    adamW(
                        &value.matrix, gradient: gradient.matrix, first: &first.matrix, second: &second.matrix, step,
                        team: team)
                    expected = zip(expected, gradient.matrix.values).map {
                        Reference.adamW($0.value, gradient: Double($1), first: $0.first, second: $0.second, step)
                    }
                }
                let rows = [expected.map(\.value), expected.map(\.first), expected.map(\.second)]
                let found = [value, first, second].map { $0.matrix.values.map(Double.init) }
                #expect(largestDifference(found, rows) < 1e-6, "on \(instructionSet)")
            }
        }

        @Test("Three steps of AdamW agree with PyTorch")
        func adamWIsTorchs() throws {
            let golden = try TrainingGolden.file.get().adamW
            let width = golden.start.count
            var value = Matrix(rows: 1, columns: width, golden.start)
            var first = Matrix(rows: 1, columns: width)
            var second = Matrix(rows: 1, columns: width)
            for (t, gradient) in golden.gradients.enumerated() {
                let step = AdamWStep(
                    rate: golden.rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: golden.decay,
                    correction1: 1 - power(0.9, t + 1), correction2: 1 - power(0.999, t + 1), gradientScale: 1)
                adamW(
                    &value, gradient: Matrix(rows: 1, columns: width, gradient), first: &first, second: &second, step,
                    team: ThreadTeam(count: 1))
            }
            #expect(largestDifference([value.values.map(Double.init)], [golden.end]) < 1e-6)
        }

        @Test(
            "The squared norm is the sum of squares and does not depend on the team",
            arguments: [(1, 1), (3, 26), (700, 104)])
        func squaredNormAgrees(shape: (rows: Int, columns: Int)) {
            defer { _ = Arithmetic.select(Arithmetic.instructionSets[0]) }
            var generator = SeededGenerator(seed: 15)
            let x = Shared(rows: shape.rows, columns: shape.columns, from: &generator)
            let expected = x.rows.joined().reduce(0) { $0 + $1 * $1 }
            for instructionSet in Arithmetic.instructionSets {
                #expect(Arithmetic.select(instructionSet))
                let found = squaredNorm(x.matrix, team: ThreadTeam(count: 1))
                #expect(abs(found - expected) < 1e-5 * expected, "on \(instructionSet)")
                #expect(squaredNorm(x.matrix, team: ThreadTeam(count: 3)) == found)
            }
        }

        @Test("A moving average moves towards the value by the given share", arguments: [0, 0.25, 1] as [Float])
        func movingAverage(share: Float) {
            defer { _ = Arithmetic.select(Arithmetic.instructionSets[0]) }
            for instructionSet in Arithmetic.instructionSets {
                #expect(Arithmetic.select(instructionSet))
                var generator = SeededGenerator(seed: 16)
                let average = Shared(rows: 9, columns: 26, from: &generator)
                let value = Shared(rows: 9, columns: 26, from: &generator)
                let expected = zip(average.rows, value.rows).map { zip($0, $1).map { $0 + Double(share) * ($1 - $0) } }
                moveAverage(&average.matrix, towards: value.matrix, share: share, team: ThreadTeam(count: 2))
                #expect(largestDifference(average.rows, expected) < 3e-7, "on \(instructionSet)")
            }
        }

        private func power(_ base: Float, _ exponent: Int) -> Float {
            (0..<exponent).reduce(1) { product, _ in product * base }
        }
    }
}
