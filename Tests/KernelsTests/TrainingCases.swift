import Kernels
import TestSupport

extension KernelCase {
    /// Every kernel that is used in training, with its gradient, at awkward shapes and at some that fill several
    /// blocks.
    static let training: [KernelCase] =
        trainedLinears + normsAndActivations + others + trainedAttention + recurrences

    private static let trainedLinears: [KernelCase] = {
        let shapes = [(1, 26, 52), (3, 7, 5), (13, 52, 104), (40, 104, 26), (200, 32, 64), (5, 5, 96)]
        return shapes.flatMap { rows, inner, outer in
            GemmBackend.float32.flatMap { [($0, false), ($0, true)] }.map { backend, accumulating in
                trainedLinear(rows, inner, outer, backend: backend, accumulating: accumulating)
            }
        }
    }()

    private static let normsAndActivations: [KernelCase] = {
        let activations: [Activation] = [.identity, .gelu, .geluTanh, .relu]
        let dropouts = [Dropout.none, Dropout(probability: 0.1, key: 5)]
        return [(1, 26), (5, 52), (70, 104), (3, 384)].flatMap { rows, width in
            dropouts.map { residualNorm(rows: rows, width: width, dropout: $0) }
                + activations.map { activate(rows: rows, width: width, $0) }
        }
    }()

    private static let others: [KernelCase] = [
        trainedEmbed(rows: 70, vocabulary: 50, positions: 40, width: 104, Dropout(probability: 0.1, key: 6)),
        trainedEmbed(rows: 5, vocabulary: 9, positions: 5, width: 26, Dropout(probability: 0.5, key: 7)),
        trainedEmbed(rows: 1, vocabulary: 3, positions: 2, width: 384, .none),
        trainedMeanPool(rows: 64, spans: [0..<1, 1..<40, 40..<61], width: 52),
        trainedMeanPool(rows: 7, spans: [0..<3, 2..<7], width: 26),
        trainedGather(rows: [0, 9, 4, 9], width: 52),
        tanh(rows: 5, width: 26),
        dropOut(rows: 1, width: 26, Dropout(probability: 0.1, key: 8)),
        dropOut(rows: 333, width: 104, Dropout(probability: 0.3, key: 9)),
    ]

    static func trainedLinear(
        _ rows: Int, _ inner: Int, _ outer: Int, backend: GemmBackend, accumulating: Bool
    ) -> KernelCase {
        KernelCase(
            name:
                "trained linear [\(rows), \(inner)] · [\(outer), \(inner)]ᵀ, \(backend)\(accumulating ? ", accumulating dx" : "")",
            tolerance: 5e-6, argument: "sums of up to 384 products below 0.05 in float32",
            operations: 2 * rows * inner * outer
        ) { generator, team in
            let x = Shared(rows: rows, columns: inner, from: &generator)
            let w = Shared(rows: outer, columns: inner, scale: 2 / Float(inner).squareRoot(), from: &generator)
            let b = Shared(rows: 1, columns: outer, from: &generator)
            let y = Shared(rows: rows, columns: outer)
            let panels = Shared(rows: linearPanelRows(inner: inner, outer: outer), columns: 32)
            let (dx, dw, db) = (Gradient(of: x), Gradient(of: w), Gradient(of: b))
            let layer = LinearWeights(weight: dw.trainable, bias: db.trainable)
            return PreparedKernel(
                call: {
                    Kernels.linear(
                        x.matrix, layer, into: &y.matrix, panels: &panels.matrix, team: team, backend: backend)
                },
                output: { y.rows }, expected: { Reference.linear(x.rows, weight: w.rows, bias: b.rows[0]) },
                gradient: KernelGradient(
                    arguments: [("x", x), ("W", w), ("b", b)],
                    forward: { Reference.linear($0[0], weight: $0[1], bias: $0[2][0]) },
                    backward: { dy in
                        for gradient in [dx, dw, db] { gradient.restart() }
                        linearBackward(
                            dy.matrix, input: x.matrix, layer, into: &dx.matrix, accumulating: accumulating,
                            panels: &panels.matrix, team: team, backend: backend)
                    },
                    gradients: { [accumulating ? dx.added : dx.rows, dw.added, db.added] },
                    tolerance: 5e-5, operations: 4 * rows * inner * outer))
        }
    }

    static func residualNorm(rows: Int, width: Int, dropout: Dropout) -> KernelCase {
        KernelCase(
            name: "dropout \(dropout.probability) + residual + layer norm [\(rows), \(width)]", tolerance: 1e-5,
            argument: "values of unit deviation, with dropout and layer norm", operations: 12 * rows * width,
            bytes: 16 * rows * width
        ) { generator, team in
            let x = Shared(rows: rows, columns: width, from: &generator)
            let r = Shared(rows: rows, columns: width, from: &generator)
            let (gamma, beta) = (
                Shared(rows: 1, columns: width, from: &generator), Shared(rows: 1, columns: width, from: &generator)
            )
            let (sum, y) = (Shared(rows: rows, columns: width), Shared(rows: rows, columns: width))
            let statistics = Shared(rows: rows, columns: 2)
            let (dx, dr) = (Gradient(of: x), Gradient(of: r))
            let (dGamma, dBeta) = (Gradient(of: gamma), Gradient(of: beta))
            let norm = NormWeights(gamma: dGamma.trainable, beta: dBeta.trainable, epsilon: 1e-12)
            let forward: ([Reference.Rows]) -> Reference.Rows = {
                Reference.layerNorm(
                    Reference.add(Reference.dropOut($0[0], dropout), $0[1]), gamma: $0[2][0], beta: $0[3][0],
                    epsilon: 1e-12)
            }
            return PreparedKernel(
                call: {
                    sum.matrix.assign(x.matrix)
                    Kernels.residualNorm(
                        &sum.matrix, residual: r.matrix, dropout, norm, into: &y.matrix,
                        statistics: &statistics.matrix, team: team)
                },
                output: { y.rows }, expected: { forward([x.rows, r.rows, gamma.rows, beta.rows]) },
                gradient: KernelGradient(
                    arguments: [("x", x), ("r", r), ("γ", gamma), ("β", beta)], forward: forward,
                    backward: { dy in
                        for gradient in [dx, dr, dGamma, dBeta] { gradient.restart() }
                        residualNormBackward(
                            dy.matrix, sum: sum.matrix, statistics: statistics.matrix, dropout, norm,
                            into: &dx.matrix, residualGradient: &dr.matrix, team: team)
                    },
                    gradients: { [dx.rows, dr.rows, dGamma.added, dBeta.added] }, tolerance: 2e-5,
                    operations: 20 * rows * width, bytes: 16 * rows * width))
        }
    }

    static func activate(rows: Int, width: Int, _ activation: Activation) -> KernelCase {
        KernelCase(
            name: "\(activation) [\(rows), \(width)]", tolerance: 2e-6,
            argument: "erf and exp of values below 3 with an error of 3e-7", operations: 20 * rows * width,
            bytes: 8 * rows * width
        ) { generator, team in
            let x = Shared(rows: rows, columns: width, scale: 3, from: &generator)
            let y = Shared(rows: rows, columns: width)
            let dx = Gradient(of: x)
            return PreparedKernel(
                call: { Kernels.activate(x.matrix, activation, into: &y.matrix, team: team) },
                output: { y.rows }, expected: { Reference.activate(x.rows, activation) },
                gradient: KernelGradient(
                    arguments: [("x", x)], forward: { Reference.activate($0[0], activation) },
                    backward: { dy in
                        dx.matrix.assign(dy.matrix)
                        activateBackward(&dx.matrix, input: x.matrix, activation, team: team)
                    },
                    gradients: { [dx.rows] }, tolerance: 2e-6, operations: 30 * rows * width,
                    bytes: 12 * rows * width))
        }
    }

    static func trainedEmbed(
        rows: Int, vocabulary: Int, positions: Int, width: Int, _ dropout: Dropout
    ) -> KernelCase {
        KernelCase(
            name: "trained embed of \(rows) tokens, width \(width), dropout \(dropout.probability)", tolerance: 5e-6,
            argument:
                "three additions and a layer norm of values of unit deviation, doubled when half of them are dropped",
            operations: 10 * rows * width, bytes: 16 * rows * width
        ) { generator, team in
            let tables = [vocabulary, positions, 2].map { Shared(rows: $0, columns: width, from: &generator) }
            let norm = (0..<2).map { _ in Shared(rows: 1, columns: width, from: &generator) }
            let ids = (0..<rows).map { _ in Int32.random(in: 0..<Int32(vocabulary), using: &generator) }
            let places = (0..<rows).map { Int32($0 % positions) }
            let (sum, y) = (Shared(rows: rows, columns: width), Shared(rows: rows, columns: width))
            let statistics = Shared(rows: rows, columns: 2)
            let gradients = (tables + norm).map { Gradient(of: $0) }
            let parameters = EmbeddingWeights(
                word: gradients[0].trainable, position: gradients[1].trainable, tokenType: gradients[2].trainable,
                norm: NormWeights(gamma: gradients[3].trainable, beta: gradients[4].trainable, epsilon: 1e-12))
            let work = Shared(rows: rows, columns: width)
            let forward: ([Reference.Rows]) -> Reference.Rows = {
                Reference.embed(
                    ids: ids, positions: places, word: $0[0], position: $0[1], tokenType: $0[2], gamma: $0[3][0],
                    beta: $0[4][0], epsilon: 1e-12, dropout)
            }
            return PreparedKernel(
                call: {
                    Kernels.embed(
                        ids: ids, positions: places, parameters, dropout, sum: &sum.matrix, into: &y.matrix,
                        statistics: &statistics.matrix, team: team)
                },
                output: { y.rows }, expected: { forward((tables + norm).map(\.rows)) },
                gradient: KernelGradient(
                    arguments: Array(zip(["word", "position", "token type", "γ", "β"], tables + norm)),
                    forward: forward,
                    backward: { dy in
                        for gradient in gradients { gradient.restart() }
                        work.matrix.assign(dy.matrix)
                        embedBackward(
                            &work.matrix, ids: ids, positions: places, sum: sum.matrix,
                            statistics: statistics.matrix, parameters, dropout, team: team)
                    },
                    gradients: { gradients.map(\.added) }, tolerance: 3e-5, operations: 30 * rows * width,
                    bytes: 24 * rows * width))
        }
    }

    static func trainedMeanPool(rows: Int, spans: [Range<Int>], width: Int) -> KernelCase {
        KernelCase(
            name: "trained mean of spans \(spans), width \(width)", tolerance: 1e-6,
            argument: "a mean of values below 1", operations: rows * width
        ) { generator, _ in
            let x = Shared(rows: rows, columns: width, from: &generator)
            let y = Shared(rows: spans.count, columns: width)
            let dx = Gradient(of: x)
            return PreparedKernel(
                call: { Kernels.meanPool(x.matrix, spans: spans, into: &y.matrix) }, output: { y.rows },
                expected: { Reference.meanPool(x.rows, spans: spans) },
                gradient: KernelGradient(
                    arguments: [("x", x)], forward: { Reference.meanPool($0[0], spans: spans) },
                    backward: { dy in
                        dx.restart()
                        meanPoolBackward(dy.matrix, spans: spans, into: &dx.matrix)
                    },
                    gradients: { [dx.rows] }, tolerance: 1e-6))
        }
    }

    static func trainedGather(rows: [Int], width: Int) -> KernelCase {
        KernelCase(name: "trained gather of rows \(rows)", tolerance: 0, argument: "a copy", operations: 0) {
            generator, _ in
            let x = Shared(rows: 10, columns: width, from: &generator)
            let y = Shared(rows: rows.count, columns: width)
            let dx = Gradient(of: x)
            return PreparedKernel(
                call: { Kernels.gather(x.matrix, rows: rows, into: &y.matrix) }, output: { y.rows },
                expected: { rows.map { x.rows[$0] } },
                gradient: KernelGradient(
                    arguments: [("x", x)], forward: { x in rows.map { x[0][$0] } },
                    backward: { dy in
                        dx.restart()
                        gatherBackward(dy.matrix, rows: rows, into: &dx.matrix)
                    },
                    gradients: { [dx.rows] }, tolerance: 1e-6))
        }
    }

    static func tanh(rows: Int, width: Int) -> KernelCase {
        KernelCase(
            name: "tanh [\(rows), \(width)]", tolerance: 1e-7, argument: "the C library's tanh in float32",
            operations: rows * width
        ) { generator, _ in
            let x = Shared(rows: rows, columns: width, scale: 3, from: &generator)
            let y = Shared(rows: rows, columns: width)
            let dx = Gradient(of: x)
            return PreparedKernel(
                call: {
                    y.matrix.assign(x.matrix)
                    tanhInPlace(y.matrix.view)
                },
                output: { y.rows }, expected: { Reference.hyperbolicTangent(x.rows) },
                gradient: KernelGradient(
                    arguments: [("x", x)], forward: { Reference.hyperbolicTangent($0[0]) },
                    backward: { dy in
                        dx.matrix.assign(dy.matrix)
                        tanhBackward(&dx.matrix, output: y.matrix)
                    },
                    gradients: { [dx.rows] }, tolerance: 1e-6))
        }
    }

    static func dropOut(rows: Int, width: Int, _ dropout: Dropout) -> KernelCase {
        KernelCase(
            name: "dropout \(dropout.probability) of [\(rows), \(width)]", tolerance: 1e-6,
            argument: "a multiplication of values below 1", operations: 8 * rows * width, bytes: 8 * rows * width
        ) { generator, team in
            let x = Shared(rows: rows, columns: width, from: &generator)
            let y = Shared(rows: rows, columns: width)
            let dx = Gradient(of: x)
            return PreparedKernel(
                call: {
                    y.matrix.assign(x.matrix)
                    Kernels.dropOut(&y.matrix, dropout, team: team)
                },
                output: { y.rows }, expected: { Reference.dropOut(x.rows, dropout) },
                gradient: KernelGradient(
                    arguments: [("x", x)], forward: { Reference.dropOut($0[0], dropout) },
                    backward: { dy in
                        dx.matrix.assign(dy.matrix)
                        Kernels.dropOut(&dx.matrix, dropout, team: team)
                    },
                    gradients: { [dx.rows] }, tolerance: 1e-6, bytes: 8 * rows * width))
        }
    }
}

/// The gradient with respect to one argument. A backward kernel either overwrites it or adds to its start values.
final class Gradient {
    /// A trainable copy of the argument; its gradient is the one that this value describes.
    let trainable: TrainableMatrix
    private let start: Matrix

    init(of argument: Shared) {
        let (rows, columns) = (argument.matrix.rows, argument.matrix.columns)
        trainable = argument.trainable
        start = Matrix(rows: rows, columns: columns, (0..<rows * columns).map { Float($0 % 5) - 2 })
    }

    var matrix: Matrix {
        _read { yield trainable.gradient }
        _modify { yield &trainable.gradient }
    }

    /// Restores the start values.
    func restart() { matrix.assign(start) }

    var rows: Reference.Rows {
        (0..<matrix.rows).map { matrix.row($0).map(Double.init) }
    }

    /// The change since the start values.
    var added: Reference.Rows {
        (0..<matrix.rows).map { row in zip(matrix.row(row), start.row(row)).map { Double($0) - Double($1) } }
    }
}
