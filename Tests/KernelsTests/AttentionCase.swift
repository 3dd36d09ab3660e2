import Kernels
import TestSupport
import Testing

/// One row of the tests of attention: its shape and options, for the numeric harness and the gradient tests.
struct AttentionCase: CustomTestStringConvertible, Sendable {
    let lengths: [Int]
    let heads: Int
    let headWidth: Int
    var probability: Float = 0
    var backend = GemmBackend.packed
    var queries = AttentionQueries.all
    var precision = ProductPrecision.float32

    var testDescription: String {
        let windows =
            lengths.count > 4 ? "\(lengths.count) windows of up to \(lengths.max() ?? 0)" : "windows \(lengths)"
        return "attention of \(windows), \(queries) queries, \(heads) heads of \(headWidth), dropout \(probability), "
            + (precision == .float32 ? "\(backend) GEMM" : "\(precision)")
    }

    func with(_ precision: ProductPrecision) -> AttentionCase {
        var row = self
        row.precision = precision
        return row
    }

    var width: Int { heads * headWidth }
    var rows: Int { lengths.reduce(0, +) }
    var windows: [Int] { lengths.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) } }
    var dropout: Dropout { Dropout(probability: probability, key: 0x0123_4567_89AB_CDEF) }

    /// Returns the expected result, with the same dropout mask as the kernel.
    func expected(_ projected: Reference.Rows) -> Reference.Rows {
        let levels = precision == .int8 ? NarrowProduct.levels : nil
        let all = Reference.attention(
            rounded(projected), windows: windows, heads: heads, levels: levels
        ) { window, head, query, key in
            Double(
                dropout.attentionFactor(
                    window: window, head: head, heads: heads, length: lengths[window], query: query, key: key))
        }
        return queries == .all ? all : windows.dropLast().map { all[$0] }
    }

    /// Rounds Q, K and V like the precision does.
    private func rounded(_ projected: Reference.Rows) -> Reference.Rows {
        switch precision {
        case .float32: return projected
        case .bfloat16: return Reference.bfloat16(projected)
        case .int8: break
        }
        var rounded = projected
        for (start, end) in zip(windows, windows.dropFirst()) {
            for column in stride(from: 0, to: 3 * width, by: headWidth) {
                let columns = column..<column + headWidth
                let part = projected[start..<end].map { Array($0[columns]) }
                let bytes =
                    switch column / width {
                    case 0: Reference.unsignedBytes(part, levels: NarrowProduct.levels)
                    case 1: Reference.signedBytes(part)
                    default: Reference.transpose(Reference.signedBytes(Reference.transpose(part)))
                    }
                for (row, values) in zip(start..<end, bytes) { rounded[row].replaceSubrange(columns, with: values) }
            }
        }
        return rounded
    }

    private var form: MultiHeadAttention {
        MultiHeadAttention(
            windows: windows, heads: heads, queries: queries, dropout: dropout, precision: precision, backend: backend)
    }

    func forward(_ projected: Shared, into context: Shared, scratch: Shared, team: ThreadTeam) {
        attention(
            projected.matrix, form, into: &context.matrix, scratch: &scratch.matrix, team: team)
    }

    func backward(
        _ dContext: Shared, projected: Shared, context: Shared, into dProjected: Shared, scratch: Shared,
        team: ThreadTeam
    ) {
        attentionBackward(
            dContext.matrix, projected: projected.matrix, context: context.matrix, form, into: &dProjected.matrix,
            scratch: &scratch.matrix, team: team)
    }

    /// Returns scratch of exactly the required size, filled with NaN, which must not reach a result.
    func scratch(_ columns: (_ longest: Int, _ width: Int) -> Int, _ team: ThreadTeam) -> Shared {
        let columns = columns(lengths.max() ?? 0, headWidth)
        return Shared(Matrix(rows: team.count, columns: columns, Array(repeating: .nan, count: team.count * columns)))
    }
}

extension AttentionCase {
    /// Rows that cover a single position, windows smaller than a vector, the edges of blocks and panels, several
    /// blocks, and heads of one panel, less than one and two.
    static let all: [AttentionCase] = [0, 0.1].flatMap { probability in
        GemmBackend.float32.flatMap { backend in
            [([1, 130, 17], 2, 26), ([200, 1], 2, 32), ([17, 97], 1, 64), ([96, 32, 33], 3, 32)].map {
                AttentionCase(lengths: $0, heads: $1, headWidth: $2, probability: probability, backend: backend)
            }
        }
    }
}

extension KernelCase {
    static let trainedAttention =
        AttentionCase.all.map { attention($0) }
        + AttentionCase.all.filter { $0.backend == .packed }.map { row in
            var row = row
            row.backend = .bfloat16
            return attention(
                row, tolerance: 2e-2,
                "scores below 12 from operands with a relative error of 2⁻⁹, then an average of values below 2, with dropout",
                gradientTolerance: 6e-2)
        }

    /// Attention at the shapes of the shipped encoder, which are too large for central differences within a test.
    static let largeAttention = [
        AttentionCase(lengths: [61], heads: 12, headWidth: 32),
        AttentionCase(lengths: [61], heads: 12, headWidth: 32, backend: .openBLAS),
        AttentionCase(lengths: [64, 65, 63], heads: 4, headWidth: 8),
        AttentionCase(lengths: [512], heads: 1, headWidth: 32),
        AttentionCase(lengths: [17, 1, 97], heads: 2, headWidth: 32, queries: .first),
        AttentionCase(lengths: [17, 1, 97], heads: 2, headWidth: 32, backend: .openBLAS, queries: .first),
    ].map { attention($0) }

    static let narrowAttention: [KernelCase] = [AttentionQueries.all, .first].flatMap { queries in
        [([1, 130, 17], 2, 26), ([200, 1, 49], 12, 32), ([17, 97], 1, 64), ([96, 32, 33], 3, 31)].flatMap {
            let row = AttentionCase(lengths: $0, heads: $1, headWidth: $2, queries: queries)
            return [
                attention(
                    row.with(.bfloat16), tolerance: 8e-3,
                    "an average of values below 2, weighted by probabilities with a relative error of 2⁻⁹"),
                attention(
                    row.with(.int8), tolerance: 2e-2,
                    "an average of values below 2, whose weights may be off by one level, 1/127 of the row's largest weight"
                ),
            ]
        }
    }

    static func attention(
        _ row: AttentionCase, tolerance: Double = 1e-5,
        _ argument: String =
            "scores below 12 in float32, exp with an error of 3e-7, then an average of values below 2, with dropout",
        gradientTolerance: Double = 2e-5
    ) -> KernelCase {
        let operations = row.lengths.reduce(0) { $0 + 4 * $1 * $1 * row.width }
        return KernelCase(
            name: row.testDescription, tolerance: tolerance, argument: argument, operations: operations,
            precision: row.precision
        ) { generator, team in
            // Twice the usual scale makes the probabilities differ from each other.
            let projected = Shared(rows: row.rows, columns: 3 * row.width, scale: 2, from: &generator)
            let context = Shared(rows: row.rows, columns: row.width)
            let scores = row.scratch({ attentionScratchColumns(longest: $0, width: $1, row.precision) }, team)
            let scratch = row.scratch(attentionBackwardScratchColumns, team)
            let filled = [Float](repeating: .nan, count: row.rows * 3 * row.width)
            let dProjected = Shared(Matrix(rows: row.rows, columns: 3 * row.width, filled))
            return PreparedKernel(
                call: { row.forward(projected, into: context, scratch: scores, team: team) },
                output: { context.rows }, expected: { row.expected(projected.rows) },
                gradient: KernelGradient(
                    arguments: [("Q, K and V", projected)], forward: { row.expected($0[0]) },
                    backward: {
                        row.backward(
                            $0, projected: projected, context: context, into: dProjected, scratch: scratch, team: team)
                    },
                    gradients: { [dProjected.rows] }, tolerance: gradientTolerance, operations: operations / 2 * 5))
        }
    }
}
