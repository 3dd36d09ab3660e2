import Kernels
import Testing
import TestSupport

/// One row of the numeric harness: a kernel at one shape, the plain reference beside it, and how far they may differ.
///
/// Three questions are asked of a row: does the kernel agree with its reference; does its gradient agree with central
/// differences, once it has one; how long does it take.
struct KernelCase: CustomTestStringConvertible, Sendable {
    let name: String
    /// The largest |fast - reference| allowed, for inputs of about unit scale, and why.
    let tolerance: Double
    let argument: String
    /// Multiplications and additions of one call.
    let operations: Int
    let prepare: @Sendable (inout SeededGenerator, ThreadTeam) -> PreparedKernel

    var testDescription: String { name }
}

/// A kernel with its inputs, ready to be called any number of times.
struct PreparedKernel {
    let call: () -> Void
    let output: () -> Reference.Rows
    let expected: () -> Reference.Rows
}

/// A matrix that closures can share.
final class Shared {
    var matrix: Matrix

    init(_ matrix: consuming Matrix) {
        self.matrix = matrix
    }

    convenience init(rows: Int, columns: Int) {
        self.init(Matrix(rows: rows, columns: columns))
    }

    /// A matrix of uniform values in -scale … scale.
    convenience init(rows: Int, columns: Int, scale: Float = 1, from generator: inout SeededGenerator) {
        let values = (0..<rows * columns).map { _ in Float.random(in: -scale...scale, using: &generator) }
        self.init(Matrix(rows: rows, columns: columns, values))
    }

    var rows: Reference.Rows {
        (0..<matrix.rows).map { matrix.row($0).map(Double.init) }
    }
}
