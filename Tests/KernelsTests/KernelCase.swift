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
    /// Bytes that one call reads and writes, where that and not arithmetic is what it waits for.
    var bytes = 0
    /// Of the products; a narrow one has instruction sets of its own.
    var precision = ProductPrecision.float32
    let prepare: @Sendable (inout SeededGenerator, ThreadTeam) -> PreparedKernel

    var testDescription: String { name }

    /// Calls `body` on every instruction set that the kernel has.
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
                try body("\(instructionSet), products on \(products)")
            }
        }
    }
}

/// A kernel with its inputs, ready to be called any number of times.
struct PreparedKernel {
    let call: () -> Void
    let output: () -> Reference.Rows
    let expected: () -> Reference.Rows
    var gradient: KernelGradient?
}

/// The gradient of a kernel's result by everything it depends on.
struct KernelGradient {
    /// The kernel's inputs and parameters.
    let arguments: [(name: String, value: Shared)]
    /// The kernel's reference, of arguments in this order.
    let forward: ([Reference.Rows]) -> Reference.Rows
    /// Calls the backward kernel with the gradient of some sum by the kernel's result, once forward has been called.
    let backward: (_ cotangent: Shared) -> Void
    /// The gradients that backward left, by each argument.
    let gradients: () -> [Reference.Rows]
    /// The largest difference allowed from central differences of the float64 reference.
    let tolerance: Double
    var operations = 0
    var bytes = 0
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

    convenience init(_ rows: Reference.Rows) {
        self.init(Matrix(rows: rows.count, columns: rows.first?.count ?? 0, rows.joined().map(Float.init)))
    }

    /// A matrix of its own with the same values.
    var copy: Matrix {
        Matrix(rows: matrix.rows, columns: matrix.columns, matrix.values)
    }

    var rows: Reference.Rows {
        (0..<matrix.rows).map { matrix.row($0).map(Double.init) }
    }
}
