import Kernels
import TestSupport
import Testing

/// One row of the numeric harness: a kernel at one shape, its reference, and the tolerance between them.
///
/// The harness checks that the kernel agrees with its reference and that its gradient, if it has one, agrees with
/// central differences. It can also measure how long the kernel takes.
struct KernelCase: CustomTestStringConvertible, Sendable {
    let name: String
    /// The largest |fast - reference| that is allowed for inputs of about unit scale.
    let tolerance: Double
    /// The reason for the tolerance.
    let argument: String
    /// Number of multiplications and additions in one call.
    let operations: Int
    /// Number of bytes that one call reads and writes, for kernels that are limited by memory.
    var bytes = 0
    /// Precision of the matrix multiplications; narrow precisions have their own instruction sets.
    var precision = ProductPrecision.float32
    let prepare: @Sendable (inout SeededGenerator, ThreadTeam) -> PreparedKernel

    var testDescription: String { name }

    /// Calls `body` on every instruction set of the kernel.
    func forEachInstructionSet(_ body: (_ name: String) throws -> Void) rethrows {
        let narrow = NarrowProduct.instructionSets(precision)
        defer {
            _ = Arithmetic.select(Arithmetic.instructionSets[0])
            if let first = narrow.first { _ = NarrowProduct.select(first, precision) }
        }
        for instructionSet in Arithmetic.instructionSets {
            #expect(Arithmetic.select(instructionSet))
            if narrow.isEmpty { try body(instructionSet) }
            for products in narrow {
                #expect(NarrowProduct.select(products, precision))
                try body("\(instructionSet), matrix multiplication on \(products)")
            }
        }
    }
}

/// A kernel with its inputs, which can be called any number of times.
struct PreparedKernel {
    let call: () -> Void
    let output: () -> Reference.Rows
    let expected: () -> Reference.Rows
    var gradient: KernelGradient?
}

/// The gradient of a kernel's result with respect to all its arguments.
struct KernelGradient {
    /// The kernel's inputs and parameters.
    let arguments: [(name: String, value: Shared)]
    /// The kernel's reference; takes the arguments in the same order.
    let forward: ([Reference.Rows]) -> Reference.Rows
    /// Calls the backward kernel, after the forward kernel, with the gradient with respect to the result.
    let backward: (_ cotangent: Shared) -> Void
    /// Returns the gradient with respect to each argument, after `backward`.
    let gradients: () -> [Reference.Rows]
    /// The largest allowed difference from central differences of the float64 reference.
    let tolerance: Double
    var operations = 0
    var bytes = 0
}

/// A matrix that several closures can use.
final class Shared {
    var matrix: Matrix

    init(_ matrix: consuming Matrix) {
        self.matrix = matrix
    }

    convenience init(rows: Int, columns: Int) {
        self.init(Matrix(rows: rows, columns: columns))
    }

    /// Creates a matrix of uniformly distributed values in -scale … scale.
    convenience init(rows: Int, columns: Int, scale: Float = 1, from generator: inout SeededGenerator) {
        let values = (0..<rows * columns).map { _ in Float.random(in: -scale...scale, using: &generator) }
        self.init(Matrix(rows: rows, columns: columns, values))
    }

    convenience init(_ rows: Reference.Rows) {
        self.init(Matrix(rows: rows.count, columns: rows.first?.count ?? 0, rows.joined().map(Float.init)))
    }

    /// A trainable copy of the matrix.
    var trainable: TrainableMatrix { TrainableMatrix(copy) }

    /// Returns a copy of the matrix.
    var copy: Matrix {
        Matrix(rows: matrix.rows, columns: matrix.columns, matrix.values)
    }

    var rows: Reference.Rows {
        (0..<matrix.rows).map { matrix.row($0).map(Double.init) }
    }
}
