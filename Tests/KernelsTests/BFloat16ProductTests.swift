import Kernels
import TestSupport
import Testing

/// Serialised, because the instruction set is a setting of the whole process.
@Suite("Matrix multiplication in bfloat16", .serialized)
struct BFloat16ProductTests {
    @Test("Results agree with the rounded operands within the error of float32 sums", arguments: LinearShape.all)
    func agreement(_ shape: LinearShape) {
        forEachInstructionSet { instructionSet in
            for members in [1, 3] {
                var generator = SeededGenerator(seed: 21)
                let operands = LinearOperands(shape) { Float.random(in: -1...1, using: &generator) }
                let found = operands.products(ThreadTeam(count: members))
                let context: Comment = "\(shape) on \(instructionSet), \(members) threads"
                for (found, expected) in zip(found, operands.expected(rounded: true)) {
                    // Each of the k products is exact in float32. Adding it to the sum may round at every step.
                    #expect(expected.excess(of: found, relative: Double(expected.terms + 2) * 0x1p-24) <= 0, context)
                }
                for (found, expected) in zip(found, operands.expected(rounded: false)) {
                    // Rounding to 8 significant bits changes an operand by at most 2⁻⁸ of its value, and so a product
                    // by about 2⁻⁷.
                    #expect(expected.excess(of: found, relative: 0x1.02p-7) <= 0, context)
                }
            }
        }
    }

    @Test("Results for small integers are exact", arguments: LinearShape.all)
    func integers(_ shape: LinearShape) {
        forEachInstructionSet { instructionSet in
            var generator = SeededGenerator(seed: 22)
            let operands = LinearOperands(shape) { Float(Int.random(in: -8...8, using: &generator)) }
            let found = operands.products(ThreadTeam(count: 2))
            #expect(found == operands.expected(rounded: false).map(\.values), "\(shape) on \(instructionSet)")
        }
    }

    @Test("The result is the same for every size of the team, bit by bit", arguments: LinearShape.all)
    func teams(_ shape: LinearShape) {
        forEachInstructionSet { instructionSet in
            var generator = SeededGenerator(seed: 23)
            let operands = LinearOperands(shape) { Float.random(in: -1...1, using: &generator) }
            let alone = operands.products(ThreadTeam(count: 1))
            for members in [2, 5] {
                #expect(operands.products(ThreadTeam(count: members)) == alone, "\(shape) on \(instructionSet)")
            }
        }
    }

    @Test(
        "An operand is rounded to the nearest bfloat16",
        arguments: [
            ("exactly a bfloat16", 0x3f80_0000, 0x3f80_0000), ("just below a tie", 0x3f80_7fff, 0x3f80_0000),
            ("a tie with an even lower neighbour", 0x3f80_8000, 0x3f80_0000),
            ("a tie with an odd lower neighbour", 0x3f81_8000, 0x3f82_0000),
            ("just above a tie", 0x3f80_8001, 0x3f81_0000), ("negative", 0xbf81_8000, 0xbf82_0000),
            ("up to the next power of two", 0x3fff_ffff, 0x4000_0000),
            ("overflow to infinity", 0x7f7f_ffff, 0x7f80_0000),
            ("infinity", 0xff80_0000, 0xff80_0000), ("the smallest normal number", 0x0080_0000, 0x0080_0000),
            ("a subnormal", 0x007f_ffff, 0),
        ] as [(String, UInt32, UInt32)])
    func rounding(_ name: String, _ bits: UInt32, _ expected: UInt32) {
        forEachInstructionSet { instructionSet in
            let found = product(of: Float(bitPattern: bits)).bitPattern
            #expect(found == expected, "\(name): 0x\(String(found, radix: 16)) on \(instructionSet)")
        }
    }

    @Test("A NaN stays a NaN", arguments: [0x7fc0_0000, 0x7f80_0001, 0xffff_ffff] as [UInt32])
    func notANumber(_ bits: UInt32) {
        forEachInstructionSet { instructionSet in
            #expect(product(of: Float(bitPattern: bits)).isNaN, "0x\(String(bits, radix: 16)) on \(instructionSet)")
        }
    }

    /// Returns value · 1 + 0 as the kernel computes it.
    private func product(of value: Float) -> Float {
        var y = Matrix(rows: 1, columns: 1)
        var panels = Matrix(rows: linearPanelRows(inner: 1, outer: 1), columns: 32)
        let layer = LinearWeights(
            weight: TrainableMatrix(Matrix(rows: 1, columns: 1, [1])),
            bias: TrainableMatrix(Matrix(rows: 1, columns: 1)))
        linear(
            Matrix(rows: 1, columns: 1, [value]), layer, into: &y, panels: &panels, team: ThreadTeam(count: 1),
            backend: .bfloat16)
        return y[0, 0]
    }

    private func forEachInstructionSet(_ body: (String) -> Void) {
        defer { _ = BFloat16Product.select(BFloat16Product.instructionSets[0]) }
        for instructionSet in BFloat16Product.instructionSets {
            #expect(BFloat16Product.select(instructionSet))
            body(instructionSet)
        }
    }
}

/// The shape of a linear layer and its input, and whether the backward pass adds to dx.
struct LinearShape: CustomTestStringConvertible, Sendable {
    let rows: Int
    let inner: Int
    let outer: Int
    var accumulating = false

    var testDescription: String {
        "[\(rows), \(inner)] · [\(outer), \(inner)]ᵀ\(accumulating ? ", accumulating dx" : "")"
    }

    /// Shapes of one element, odd in every dimension, at the edges of a pair, a tile, a panel and a block of tokens,
    /// and with several slices of dW.
    static let all: [LinearShape] =
        [
            (1, 1, 1), (3, 7, 5), (1, 384, 64), (12, 32, 32), (13, 33, 31), (11, 31, 33), (25, 63, 65),
            (257, 34, 52), (520, 17, 29), (40, 104, 26), (18, 30, 1060), (14, 1060, 30), (33, 420, 64),
        ].flatMap { rows, inner, outer in
            [false, true].map { LinearShape(rows: rows, inner: inner, outer: outer, accumulating: $0) }
        }
}

/// The operands of a layer's forward and backward matrix multiplications.
private struct LinearOperands {
    let shape: LinearShape
    private let (x, weight, bias, slope, start): ([Float], [Float], [Float], [Float], [Float])

    init(_ shape: LinearShape, _ element: () -> Float) {
        self.shape = shape
        x = (0..<shape.rows * shape.inner).map { _ in element() }
        weight = (0..<shape.outer * shape.inner).map { _ in element() }
        bias = (0..<shape.outer).map { _ in element() }
        slope = (0..<shape.rows * shape.outer).map { _ in element() }
        start = (0..<shape.rows * shape.inner).map { _ in element() }
    }

    /// Returns y, dx and dW as the kernels compute them. dW is added to the weight.
    func products(_ team: ThreadTeam) -> [Reference.Rows] {
        let (rows, inner, outer) = (shape.rows, shape.inner, shape.outer)
        let x = Matrix(rows: rows, columns: inner, x)
        let layer = LinearWeights(
            weight: TrainableMatrix(Matrix(rows: outer, columns: inner, weight)),
            bias: TrainableMatrix(Matrix(rows: 1, columns: outer, bias)))
        layer.weight.gradient.assign(layer.weight.value)
        let slope = Matrix(rows: rows, columns: outer, slope)
        let panels = Shared(rows: linearPanelRows(inner: inner, outer: outer), columns: 32)
        let y = Shared(rows: rows, columns: outer)
        let dx = Shared(Matrix(rows: rows, columns: inner, start))
        linear(x, layer, into: &y.matrix, panels: &panels.matrix, team: team, backend: .bfloat16)
        linearBackward(
            slope, input: x, layer, into: &dx.matrix, accumulating: shape.accumulating, panels: &panels.matrix,
            team: team, backend: .bfloat16)
        let weightGradient = (0..<outer).map { layer.weight.gradient.row($0).map(Double.init) }
        return [y.rows, dx.rows, weightGradient]
    }

    func expected(rounded: Bool) -> [ExpectedProduct] {
        let round: (Float) -> Double = { rounded ? Reference.bfloat16(Double($0)) : Double($0) }
        let (rows, inner, outer) = (shape.rows, shape.inner, shape.outer)
        let x = (0..<rows).map { t in (0..<inner).map { round(self.x[t * inner + $0]) } }
        let weight = (0..<outer).map { o in (0..<inner).map { round(self.weight[o * inner + $0]) } }
        let slope = (0..<rows).map { t in (0..<outer).map { round(self.slope[t * outer + $0]) } }
        return [
            ExpectedProduct(x, weight) { _, o in Double(bias[o]) },
            ExpectedProduct(slope, transpose(weight)) { t, i in
                shape.accumulating ? Double(start[t * inner + i]) : 0
            },
            ExpectedProduct(transpose(slope), transpose(x)) { o, i in Double(self.weight[o * inner + i]) },
        ]
    }
}

/// The result a · bᵀ + c in float64, and the sum of the magnitudes of its terms.
private struct ExpectedProduct {
    let terms: Int
    let values: Reference.Rows
    private let magnitudes: Reference.Rows

    init(_ a: Reference.Rows, _ b: Reference.Rows, plus c: (Int, Int) -> Double) {
        terms = b[0].count
        let added = a.indices.map { row in b.indices.map { c(row, $0) } }
        let zero = [Double](repeating: 0, count: b.count)
        values = Reference.add(Reference.linear(a, weight: b, bias: zero), added)
        magnitudes = Reference.add(
            Reference.linear(magnitude(a), weight: magnitude(b), bias: zero), magnitude(added))
    }

    /// Returns how far the largest error exceeds the allowed one.
    func excess(of found: Reference.Rows, relative: Double) -> Double {
        guard found.map(\.count) == values.map(\.count) else { return .infinity }
        var worst = -Double.infinity
        for (row, found) in found.enumerated() {
            for (column, found) in found.enumerated() {
                let error = abs(found - values[row][column])
                guard error.isFinite else { return .infinity }
                worst = max(worst, error - relative * magnitudes[row][column])
            }
        }
        return worst
    }
}

private func magnitude(_ rows: Reference.Rows) -> Reference.Rows { rows.map { $0.map(abs) } }

private func transpose(_ rows: Reference.Rows) -> Reference.Rows {
    rows[0].indices.map { column in rows.map { $0[column] } }
}
