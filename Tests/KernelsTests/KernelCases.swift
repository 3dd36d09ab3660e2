import Kernels
import TestSupport

extension KernelCase {
    /// Every kernel, at the shapes of the shipped encoder and at awkward shapes.
    static let all: [KernelCase] =
        linearForms.flatMap { form in
            [(1, 384, 384), (61, 384, 1536), (700, 52, 104), (130, 104, 52), (3, 7, 5)].flatMap { rows, inner, outer in
                [
                    linear(rows, inner, outer, .identity, form),
                    linear(rows, inner, outer, .gelu, form),
                    linear(rows, inner, outer, .geluTanh, form),
                    linear(rows, inner, outer, .relu, form),
                    linearResidualNorm(rows, inner, outer, form),
                ]
            }
        } + [
            embed(rows: 70, vocabulary: 50, positions: 40, width: 384),
            embed(rows: 5, vocabulary: 9, positions: 5, width: 52),
            meanPool(spans: [0..<1, 1..<40, 40..<61], width: 384), meanPool(spans: [0..<3, 5..<7], width: 26),
            gather(rows: [0, 9, 4], width: 52),
        ] + largeAttention + narrowAttention + training

    static let linearForms = [
        LinearForm(.float32, backend: .packed), LinearForm(.float32, backend: .openBLAS), LinearForm(.bfloat16),
        LinearForm(.int8),
    ]

    static func linear(
        _ rows: Int, _ inner: Int, _ outer: Int, _ activation: Activation, _ form: LinearForm
    ) -> KernelCase {
        KernelCase(
            name: "linear \(activation) [\(rows), \(inner)] · [\(outer), \(inner)]ᵀ, \(form)",
            tolerance: form.isNarrow && activation == .gelu ? 2.2e-4 : 5e-6,
            argument:
                "sums of up to 384 products below 0.05 in float32; erf and exp of values below 4 with an error of 3e-7, GELU's polynomial with 2e-4",
            operations: 2 * rows * inner * outer, precision: form.precision
        ) { generator, team in
            let operands = LayerWithRows(rows, inner, outer, form, &generator)
            return PreparedKernel(
                call: {
                    operands.forEachBlock(team) { rows, layer, y, scratch in
                        layer.apply(operands.x.matrix.view[rows], activation, into: y, scratch: scratch)
                    }
                },
                output: { operands.y.rows }, expected: { Reference.activate(operands.expected, activation) })
        }
    }

    static func linearResidualNorm(_ rows: Int, _ inner: Int, _ width: Int, _ form: LinearForm) -> KernelCase {
        KernelCase(
            name: "linear + residual + layer norm [\(rows), \(inner)] · [\(width), \(inner)]ᵀ, \(form)",
            tolerance: 2e-5,
            argument: "as for linear, divided by a deviation that may be as small as 0.3 times the values",
            operations: 2 * rows * inner * width, precision: form.precision
        ) { generator, team in
            let operands = LayerWithRows(rows, inner, width, form, &generator)
            let r = Shared(rows: rows, columns: width, from: &generator)
            let (gamma, beta) = (
                Shared(rows: 1, columns: width, from: &generator), Shared(rows: 1, columns: width, from: &generator)
            )
            let norm = NormBox(LayerNormParameters(gamma: gamma.copy, beta: beta.copy, epsilon: 1e-12))
            return PreparedKernel(
                call: {
                    operands.forEachBlock(team) { rows, layer, y, scratch in
                        layer.apply(
                            operands.x.matrix.view[rows], residual: r.matrix.view[rows], norm.norm, into: y,
                            scratch: scratch)
                    }
                },
                output: { operands.y.rows },
                expected: {
                    Reference.layerNorm(
                        Reference.add(operands.expected, r.rows), gamma: gamma.rows[0], beta: beta.rows[0],
                        epsilon: 1e-12)
                })
        }
    }

    static func embed(rows: Int, vocabulary: Int, positions: Int, width: Int) -> KernelCase {
        KernelCase(
            name: "embed \(rows) tokens, width \(width)", tolerance: 2e-6,
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
                    word: EmbeddingTable(word.copy), position: position.copy, tokenType: type.copy,
                    norm: LayerNormParameters(gamma: gamma.copy, beta: beta.copy, epsilon: 1e-12)))
            let y = Shared(rows: rows, columns: width)
            return PreparedKernel(
                call: {
                    let y = y.matrix.view
                    team.forEachBlock(of: rows, step: 16) { rows, _ in
                        tables.tables.embed(ids: ids, positions: places, rows, into: y[rows])
                    }
                },
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

private final class NormBox {
    let norm: LayerNormParameters
    init(_ norm: consuming LayerNormParameters) { self.norm = norm }
}

private final class EmbeddingBox {
    let tables: EmbeddingParameters
    init(_ tables: consuming EmbeddingParameters) { self.tables = tables }
}
