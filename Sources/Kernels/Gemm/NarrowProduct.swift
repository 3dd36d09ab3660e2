internal import CKernels

/// Matrix multiplication with operands narrower than float32, for inference.
///
/// Weights are converted and packed once, activations a block of rows at a time when they are used. Both are read four
/// bytes at a time along the summed dimension. One instruction multiplies and sums these two bfloat16 or four int8
/// values (AVX-512 BF16 and VNNI).
public enum NarrowProduct {
    /// Returns the instruction sets that this processor can run in a precision, fastest first. The last is "portable",
    /// which is correct but slow. The list is empty for float32.
    public static func instructionSets(_ precision: ProductPrecision) -> [String] {
        unsafe precision == .float32 ? [] : tables(precision).names
    }

    /// Returns the instruction set in use for a narrow precision.
    static func instructionSet(_ precision: ProductPrecision) -> String {
        unsafe String(cString: kernels(precision).pointee.name)
    }

    /// Returns whether this processor has instructions that make a precision faster than float32.
    public static func isFast(_ precision: ProductPrecision) -> Bool {
        unsafe precision != .float32 && tables(precision).current.pointee.is_fast
    }

    /// Selects the instruction set of a precision from now on. Packed weights work with every instruction set.
    ///
    /// - Parameters:
    ///   - instructionSet: One of ``instructionSets(_:)``.
    ///   - precision: `.bfloat16` or `.int8`.
    /// - Returns: Whether this processor has the instruction set; if not, nothing changes.
    package static func select(_ instructionSet: String, _ precision: ProductPrecision) -> Bool {
        unsafe tables(precision).select(instructionSet)
    }

    /// Largest byte of an int8 activation: 255, or 127 if sums of the instruction set in use could overflow.
    package static var levels: Int { unsafe Int(int8.current.pointee.levels) }

    /// Returns the number of four-byte groups that `inner` values take.
    ///
    /// - Parameters:
    ///   - precision: `.bfloat16` or `.int8`.
    ///   - inner: The summed dimension.
    ///   - together: Number of groups that are read at once; `nil` for that of the instruction set in use.
    /// - Returns: The number of groups, a multiple of `together`.
    static func groups(_ precision: ProductPrecision, inner: Int, together: Int? = nil) -> Int {
        let together = unsafe together ?? Int(kernels(precision).pointee.tile_groups)
        let groups = precision == .int8 ? (inner + 3) / 4 : (inner + 1) / 2
        return (groups + together - 1) / together * together
    }

    static func kernels(_ precision: ProductPrecision) -> UnsafePointer<ck_narrow_table> {
        unsafe tables(precision).current
    }

    private static func tables(_ precision: ProductPrecision) -> KernelTables<ck_narrow_table> {
        unsafe precision == .int8 ? int8 : bfloat16
    }

    private static let bfloat16 = unsafe available(ck_bfloat16)
    private static let int8 = unsafe available(ck_int8)

    private static func available(_ operand: ck_operand) -> KernelTables<ck_narrow_table> {
        unsafe KernelTables(ck_narrow_available(), where: { unsafe $0.operand == operand }) { unsafe $0.name }
    }
}

/// A weight W `[outer, inner]`, converted to a narrow precision and packed for x · Wᵀ.
struct NarrowWeights: ~Copyable, Sendable {
    let precision: ProductPrecision
    private let inner: Int
    private let outer: Int
    private let panels: Matrix
    /// For int8: the scale of each row, and the scaled sum of its bytes.
    private let scales: Matrix
    private let offsets: Matrix

    init(_ weight: borrowing Matrix, _ precision: ProductPrecision) {
        (inner, outer) = (weight.columns, weight.rows)
        self.precision = precision
        let panelCount = (outer + ck_panel_columns - 1) / ck_panel_columns
        panels = Matrix(
            rows: panelCount * Self.groups(precision, inner), columns: ck_panel_columns)
        scales = Matrix(rows: 1, columns: outer)
        offsets = Matrix(rows: 1, columns: outer)
        let row = Matrix(rows: 1, columns: Self.groups(precision, inner))
        unsafe ck_narrow_pack(
            Self.operand(precision), Arithmetic.kernelsPointer, panels.base, scales.base, offsets.base, row.base,
            weight.base, inner, outer, inner, row.columns)
    }

    /// Computes y = activation(x · Wᵀ + bias).
    func multiply(
        _ x: MatrixView, bias: borrowing Matrix, _ activation: Activation, into y: MatrixView, scratch: MatrixView
    ) {
        let (kernels, vector) = unsafe (NarrowProduct.kernels(precision), Arithmetic.kernels)
        let groups = Self.groups(precision, inner)
        let stride = 4 * groups
        var scratch = unsafe Scratch(scratch.base, count: scratch.columns)
        let operand = unsafe UnsafeMutableRawPointer(scratch.take(x.rows * groups))
        let rowScales = unsafe UnsafeMutableRawPointer(scratch.take(2 * x.rows)).assumingMemoryBound(
            to: ck_row_scale.self)
        if precision == .int8 {
            unsafe vector.quantise_rows(
                operand, stride, rowScales, x.base, inner, x.rows, inner, kernels.pointee.levels)
        } else {
            unsafe vector.round_rows(operand, stride, x.base, inner, x.rows, inner)
        }
        var factor = unsafe ck_narrow_factor(
            panels: panels.base, bias: bias.base, scales: scales.base, offsets: offsets.base,
            groups: groups, columns: outer)
        unsafe ck_narrow_product(
            kernels, Arithmetic.kernelsPointer, y.base, outer, operand, stride, rowScales, x.rows, &factor,
            activation.kernel)
    }

    /// Returns the floats of scratch that `rows` rows of x need.
    static func scratchColumns(_ precision: ProductPrecision, rows: Int, inner: Int) -> Int {
        Scratch.size(rows * groups(precision, inner)) + Scratch.size(2 * rows)
    }

    /// Returns the number of groups in one row, such that every instruction set can read it.
    private static func groups(_ precision: ProductPrecision, _ inner: Int) -> Int {
        NarrowProduct.groups(precision, inner: inner, together: 16)
    }

    private static func operand(_ precision: ProductPrecision) -> ck_operand {
        precision == .int8 ? ck_int8 : ck_bfloat16
    }
}

extension Activation {
    fileprivate var kernel: ck_activation {
        switch self {
        case .identity: ck_identity
        case .gelu: ck_gelu
        case .geluTanh: ck_gelu_tanh
        case .relu: ck_relu
        }
    }
}
