import Kernels
import TestSupport

extension KernelCase {
    /// Every kernel, at the shipped encoder's shapes and at awkward ones.
    static let all: [KernelCase] =
        [(1, 384, 384), (61, 384, 1536), (700, 52, 104), (130, 104, 52), (3, 7, 5)].flatMap { rows, inner, outer in
            [true, false].flatMap { packed in
                [
                    linear(rows, inner, outer, .identity, packed: packed),
                    linear(rows, inner, outer, .gelu, packed: packed),
                    linear(rows, inner, outer, .geluTanh, packed: packed),
                    linear(rows, inner, outer, .relu, packed: packed),
                    linearResidualNorm(rows, inner, outer, packed: packed),
                ]
            }
        } + [
            embed(rows: 70, vocabulary: 50, positions: 40, width: 384),
            embed(rows: 5, vocabulary: 9, positions: 5, width: 52),
            meanPool(spans: [0..<1, 1..<40, 40..<61], width: 384), meanPool(spans: [0..<3, 5..<7], width: 26),
            gather(rows: [0, 9, 4], width: 52),
        ] + largeAttention + training

    static func linear(
        _ rows: Int, _ inner: Int, _ outer: Int, _ activation: Activation, packed: Bool
    ) -> KernelCase {
        KernelCase(
            name: "linear \(activation) [\(rows), \(inner)] · [\(outer), \(inner)]ᵀ, \(packed ? "packed" : "OpenBLAS")",
            tolerance: 5e-6,
            argument: "sums of up to 384 products below 0.05 in float32; erf and exp to 3e-7 of values below 4",
            operations: 2 * rows * inner * outer
        ) { generator, team in
            let x = Shared(rows: rows, columns: inner, from: &generator)
            let w = Shared(rows: outer, columns: inner, scale: 2 / Float(inner).squareRoot(), from: &generator)
            let b = Shared(rows: 1, columns: outer, from: &generator)
            let y = Shared(rows: rows, columns: outer)
            let layer = LinearParameters(weight: copy(w), bias: copy(b), packed: packed)
            let box = LinearBox(layer)
            return PreparedKernel(
                call: { Kernels.linear(x.matrix, box.layer, activation, into: &y.matrix, team: team) },
                output: { y.rows },
                expected: {
                    Reference.activate(Reference.linear(x.rows, weight: w.rows, bias: b.rows[0]), activation)
                })
        }
    }

    static func linearResidualNorm(_ rows: Int, _ inner: Int, _ width: Int, packed: Bool) -> KernelCase {
        KernelCase(
            name:
                "linear + residual + layer norm [\(rows), \(inner)] · [\(width), \(inner)]ᵀ, \(packed ? "packed" : "OpenBLAS")",
            tolerance: 2e-5,
            argument: "as linear, divided by a deviation that may be as small as 0.3 of the values",
            operations: 2 * rows * inner * width
        ) { generator, team in
            let x = Shared(rows: rows, columns: inner, from: &generator)
            let w = Shared(rows: width, columns: inner, scale: 2 / Float(inner).squareRoot(), from: &generator)
            let b = Shared(rows: 1, columns: width, from: &generator)
            let r = Shared(rows: rows, columns: width, from: &generator)
            let (gamma, beta) = (
                Shared(rows: 1, columns: width, from: &generator), Shared(rows: 1, columns: width, from: &generator)
            )
            let y = Shared(rows: rows, columns: width)
            let box = LinearBox(LinearParameters(weight: copy(w), bias: copy(b), packed: packed))
            let norm = NormBox(LayerNormParameters(gamma: copy(gamma), beta: copy(beta), epsilon: 1e-12))
            return PreparedKernel(
                call: {
                    Kernels.linearResidualNorm(
                        x.matrix, box.layer, residual: r.matrix, norm.norm, into: &y.matrix, team: team)
                },
                output: { y.rows },
                expected: {
                    Reference.layerNorm(
                        Reference.add(Reference.linear(x.rows, weight: w.rows, bias: b.rows[0]), r.rows),
                        gamma: gamma.rows[0], beta: beta.rows[0], epsilon: 1e-12)
                })
        }
    }

    static func embed(rows: Int, vocabulary: Int, positions: Int, width: Int) -> KernelCase {
        KernelCase(
            name: "embed \(rows) pieces, width \(width)", tolerance: 2e-6,
            argument: "three additions and a layer norm of values of unit deviation", operations: 10 * rows * width
        ) { generator, team in
            let word = Shared(rows: vocabulary, columns: width, from: &generator)
            let position = Shared(rows: positions, columns: width, from: &generator)
            let type = Shared(rows: 2, columns: width, from: &generator)
            let (gamma, beta) = (
                Shared(rows: 1, columns: width, from: &generator), Shared(rows: 1, columns: width, from: &generator)
            )
            let ids = (0..<rows).map { _ in Int32.random(in: 0..<Int32(vocabulary), using: &generator) }
            let places = (0..<rows).map { Int32($0 % positions) }
            let tables = EmbeddingBox(
                EmbeddingParameters(
                    word: copy(word), position: copy(position), tokenType: copy(type),
                    norm: LayerNormParameters(gamma: copy(gamma), beta: copy(beta), epsilon: 1e-12)))
            let y = Shared(rows: rows, columns: width)
            return PreparedKernel(
                call: { Kernels.embed(ids: ids, positions: places, tables.tables, into: &y.matrix, team: team) },
                output: { y.rows },
                expected: {
                    let summed = zip(ids, places).map { id, place in
                        zip(zip(word.rows[Int(id)], position.rows[Int(place)]), type.rows[0]).map { $0.0 + $0.1 + $1 }
                    }
                    return Reference.layerNorm(summed, gamma: gamma.rows[0], beta: beta.rows[0], epsilon: 1e-12)
                })
        }
    }

    static func meanPool(spans: [Range<Int>], width: Int) -> KernelCase {
        let rows = spans.map(\.upperBound).max() ?? 0
        return KernelCase(
            name: "mean of spans \(spans), width \(width)", tolerance: 1e-6, argument: "a mean of values below 1",
            operations: rows * width
        ) { generator, _ in
            let x = Shared(rows: rows, columns: width, from: &generator)
            let y = Shared(rows: spans.count, columns: width)
            return PreparedKernel(
                call: { Kernels.meanPool(x.matrix, spans: spans, into: &y.matrix) }, output: { y.rows },
                expected: { Reference.meanPool(x.rows, spans: spans) })
        }
    }

    static func gather(rows: [Int], width: Int) -> KernelCase {
        KernelCase(name: "gather rows \(rows)", tolerance: 0, argument: "a copy", operations: rows.count * width) {
            generator, _ in
            let x = Shared(rows: 10, columns: width, from: &generator)
            let y = Shared(rows: rows.count, columns: width)
            return PreparedKernel(
                call: { Kernels.gather(x.matrix, rows: rows, into: &y.matrix) }, output: { y.rows },
                expected: { rows.map { x.rows[$0] } })
        }
    }
}

private func copy(_ shared: Shared) -> Matrix {
    Matrix(rows: shared.matrix.rows, columns: shared.matrix.columns, shared.matrix.values)
}

private final class LinearBox {
    let layer: LinearParameters
    init(_ layer: consuming LinearParameters) { self.layer = layer }
}

private final class NormBox {
    let norm: LayerNormParameters
    init(_ norm: consuming LayerNormParameters) { self.norm = norm }
}

private final class EmbeddingBox {
    let tables: EmbeddingParameters
    init(_ tables: consuming EmbeddingParameters) { self.tables = tables }
}
