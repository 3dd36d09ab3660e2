import Kernels
import TestSupport

/// The form in which a linear layer stores its weight.
struct LinearForm: CustomStringConvertible, Sendable {
    let precision: ProductPrecision
    let backend: GemmBackend

    init(_ precision: ProductPrecision, backend: GemmBackend = .packed) {
        self.precision = precision
        self.backend = backend
    }

    var isNarrow: Bool { precision != .float32 }

    var description: String {
        isNarrow ? precision.rawValue : "\(backend)"
    }
}

/// A layer with input rows.
final class LayerWithRows {
    let x: Shared
    let y: Shared
    private let (weight, bias): (Shared, Shared)
    private let form: LinearForm
    private let layer: LinearParameters

    init(_ rows: Int, _ inner: Int, _ outer: Int, _ form: LinearForm, _ generator: inout SeededGenerator) {
        x = Shared(rows: rows, columns: inner, from: &generator)
        weight = Shared(rows: outer, columns: inner, scale: 2 / Float(inner).squareRoot(), from: &generator)
        bias = Shared(rows: 1, columns: outer, from: &generator)
        y = Shared(rows: rows, columns: outer)
        self.form = form
        layer = LinearParameters(weight: weight.copy, bias: bias.copy, form.precision, backend: form.backend)
    }

    /// Calls `body` for a few rows at a time, with scratch of exactly the required size, filled with NaN, which must
    /// not reach a result.
    func forEachBlock(
        _ team: ThreadTeam, _ body: (Range<Int>, borrowing LinearParameters, MatrixView, MatrixView) -> Void
    ) {
        let step = 29
        let columns = LinearParameters.scratchColumns(form.precision, rows: step, inner: layer.inner)
        let scratch = Matrix(
            rows: team.count, columns: columns, Array(repeating: .nan, count: team.count * columns))
        let (y, view) = (y.matrix.view, scratch.view)
        team.forEachBlock(of: y.rows, step: step) { rows, member in
            body(rows, layer, y[rows], view[member..<member + 1])
        }
    }

    /// The expected x · Wᵀ + b, with operands rounded like the precision does.
    var expected: Reference.Rows {
        let (x, w) = (x.rows, weight.rows)
        let rounded: (x: Reference.Rows, w: Reference.Rows) =
            switch form.precision {
            case .float32: (x, w)
            case .bfloat16: (Reference.bfloat16(x), Reference.bfloat16(w))
            case .int8: (Reference.unsignedBytes(x, levels: NarrowProduct.levels), Reference.signedBytes(w))
            }
        return Reference.linear(rounded.x, weight: rounded.w, bias: bias.rows[0])
    }
}
