import Kernels
import TestSupport

extension KernelCase {
    /// Single texts, texts of equal length, more texts than a block holds, and widths that do not fill a panel.
    static let recurrences: [KernelCase] =
        [([1], 8), ([4], 5), ([7, 3, 3, 1], 26), ([2, 2, 2], 32)]
        .flatMap { lengths, width in
            GemmBackend.float32.map { recurrence(lengths: lengths, width: width, backend: $0) }
        } + [
            recurrence(lengths: Array(repeating: 3, count: 40) + Array(repeating: 1, count: 60), width: 16),
            addedGather(rows: [3, 0, 3], width: 26),
        ]

    static func addedGather(rows: [Int], width: Int) -> KernelCase {
        KernelCase(name: "added rows \(rows)", tolerance: 1e-6, argument: "a sum of values below 1", operations: 0) {
            generator, _ in
            let x = Shared(rows: 5, columns: width, from: &generator)
            let before = Shared(rows: rows.count, columns: width, from: &generator)
            let y = Shared(rows: rows.count, columns: width)
            let dx = Gradient(of: x)
            let forward: ([Reference.Rows]) -> Reference.Rows = { x in Reference.add(x[1], rows.map { x[0][$0] }) }
            return PreparedKernel(
                call: {
                    y.matrix.assign(before.matrix)
                    addGathered(x.matrix, rows: rows, to: &y.matrix)
                },
                output: { y.rows }, expected: { forward([x.rows, before.rows]) },
                gradient: KernelGradient(
                    arguments: [("x", x)], forward: { forward([$0[0], before.rows]) },
                    backward: { dy in
                        dx.restart()
                        gatherBackward(dy.matrix, rows: rows, into: &dx.matrix)
                    },
                    gradients: { [dx.rows] }, tolerance: 1e-6))
        }
    }

    static func recurrence(lengths: [Int], width: Int, backend: GemmBackend = .packed) -> KernelCase {
        let texts = lengths.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
        let rows = texts.last ?? 0
        return KernelCase(
            name:
                "recurrence of \(lengths.count) texts of \(lengths.first ?? 0) to \(lengths.last ?? 0) places, width \(width), \(backend)",
            tolerance: 5e-6,
            argument: "σ and tanh with an error of 1e-6, which fades as the state, below 1, is overwritten",
            operations: 12 * rows * width * width
        ) { generator, team in
            let x = Shared(rows: rows, columns: 6 * width, from: &generator)
            let w = Shared(
                rows: 6 * width, columns: width, scale: 1 / Float(width).squareRoot(), from: &generator)
            let b = Shared(rows: 1, columns: 6 * width, from: &generator)
            let buffers = RecurrenceBuffers(rows: rows, width: width, threads: team.count)
            let (dx, dw, db) = (Gradient(of: x), Gradient(of: w), Gradient(of: b))
            let layer = LinearWeights(weight: dw.trainable, bias: db.trainable)
            let forward: ([Reference.Rows]) -> Reference.Rows = {
                Reference.gatedRecurrence($0[0], texts: texts, weight: $0[1], bias: $0[2][0])
            }
            return PreparedKernel(
                call: {
                    gatedRecurrence(
                        x.matrix, texts: texts, layer, into: &buffers.activations, scratch: &buffers.scratch,
                        team: team, backend: backend)
                },
                output: { buffers.states }, expected: { forward([x.rows, w.rows, b.rows]) },
                gradient: KernelGradient(
                    arguments: [("x", x), ("W", w), ("b", b)], forward: forward,
                    backward: { dh in
                        for gradient in [dx, dw, db] { gradient.restart() }
                        gatedRecurrenceBackward(
                            dh.matrix, buffers.activations, texts: texts, layer, into: &dx.matrix,
                            scratch: &buffers.scratch, team: team, backend: backend)
                    },
                    gradients: { [dx.rows, dw.added, db.added] }, tolerance: 5e-5,
                    operations: 24 * rows * width * width))
        }
    }
}

/// The recurrence's buffers, which several closures can use.
private final class RecurrenceBuffers {
    var activations: RecurrenceActivations
    var scratch: RecurrenceScratch

    init(rows: Int, width: Int, threads: Int) {
        activations = RecurrenceActivations(rows: rows, width: width)
        scratch = RecurrenceScratch(rows: rows, width: width, threads: threads)
    }

    var states: Reference.Rows {
        (0..<activations.states.rows).map { activations.states.row($0).map(Double.init) }
    }
}
