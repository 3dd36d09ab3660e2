import Glibc
import TestSupport
import Testing

// The multiplications under the kernels are internal. Release builds other than `swift test` do not allow this import.
@testable import Kernels

extension NumericHarnessTests.TimingTests {
    /// Compares the bfloat16 multiplication of inference, whose left operand lies in rows, with that of training, which
    /// packs both operands. See note 5.
    @Test(
        "Prints how the bfloat16 multiplications of inference and training compare",
        arguments: [(96, 384, 1536), (96, 1536, 384), (12, 384, 384)])
    func bfloat16(rows: Int, inner: Int, outer: Int) {
        var generator = SeededGenerator(seed: 31)
        let x = Shared(rows: rows, columns: inner, from: &generator)
        let weight = Shared(rows: outer, columns: inner, from: &generator)
        let bias = Matrix(rows: 1, columns: outer)
        let y = Matrix(rows: rows, columns: outer)
        let narrow = NarrowWeights(weight.matrix, .bfloat16)
        let scratch = Matrix(
            rows: 1, columns: NarrowWeights.scratchColumns(.bfloat16, rows: rows, inner: inner))
        let panels = Matrix(rows: 1, columns: BFloat16Product.size(inner: inner, outer: outer))
        let team = ThreadTeam(count: 1)
        func pack() {
            unsafe BFloat16Product.pack(
                transposeOf: weight.matrix.base, inner: inner, outer: outer, into: panels.base, team: team)
        }
        print("[\(rows), \(inner)] · [\(outer), \(inner)]ᵀ on one thread, training / inference")
        defer {
            _ = BFloat16Product.select(BFloat16Product.instructionSets[0])
            _ = NarrowProduct.select(NarrowProduct.instructionSets(.bfloat16)[0], .bfloat16)
        }
        for name in NarrowProduct.instructionSets(.bfloat16) where name.hasSuffix("BF16") {
            guard BFloat16Product.select(name), NarrowProduct.select(name, .bfloat16) else { continue }
            pack()
            report("\(name), multiplication") {
                unsafe BFloat16Product.multiply(
                    x.matrix.base, inner, count: rows, BFloat16Panels(panels.base, inner: inner, outer: outer),
                    into: y.base, outer)
            } _: {
                narrow.multiply(x.matrix.view, bias: bias, .identity, into: y.view, scratch: scratch.view)
            }
            report("\(name), packing the weight", pack) { _ = NarrowWeights(weight.matrix, .bfloat16) }
        }
    }

    /// Prints the median times of two calls that take turns, in microseconds, and the median of their ratios.
    private func report(_ what: String, _ training: () -> Void, _ inference: () -> Void) {
        let clock = ContinuousClock()
        var times: [(training: Double, inference: Double)] = []
        for _ in 0..<201 {
            times.append((clock.measure(training) / .microseconds(1), clock.measure(inference) / .microseconds(1)))
        }
        func median(_ values: [Double]) -> Double { (values.sorted()[values.count / 2] * 100).rounded() / 100 }
        print(
            "    \(what): \(median(times.map(\.training))) / \(median(times.map(\.inference))) µs, ratio",
            median(times.map { $0.training / $0.inference }))
    }
}
