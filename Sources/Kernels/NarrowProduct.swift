internal import CKernels

/// Products of operands narrower than float32, for inference: weights are converted and laid out once, activations as
/// they come, a block of rows at a time.
///
/// Both are read four bytes at a time along the summed dimension, two bfloat16 or four int8, which one instruction
/// multiplies and sums (AVX-512 BF16 and VNNI).
public enum NarrowProduct {
    /// What this processor can run in a precision, fastest first; the last is "portable", which is right but slow. Empty for
    /// float32.
    public static func instructionSets(_ precision: ProductPrecision) -> [String] {
        unsafe precision == .float32 ? [] : tables(precision).names
    }

    /// What the products of a narrow precision run on.
    static func instructionSet(_ precision: ProductPrecision) -> String {
        unsafe String(cString: kernels(precision).pointee.name)
    }

    /// Whether this processor has instructions that make the precision faster than float32.
    public static func isFast(_ precision: ProductPrecision) -> Bool {
        unsafe precision != .float32 && tables(precision).current.pointee.is_fast
    }

    /// Has the products of a precision use the named instruction set from now on; weights packed for one serve all.
    ///
    /// - Parameters:
    ///   - instructionSet: One of ``instructionSets(_:)``.
    ///   - precision: bfloat16 or int8.
    /// - Returns: Whether this processor has it.
    package static func select(_ instructionSet: String, _ precision: ProductPrecision) -> Bool {
        unsafe tables(precision).select(instructionSet)
    }

    /// The largest byte of int8's activations: 255, or 127 where the instructions could overflow.
    package static var levels: Int { unsafe Int(int8.current.pointee.levels) }

    /// The groups of four bytes that `inner` values take.
    ///
    /// - Parameters:
    ///   - precision: bfloat16 or int8.
    ///   - inner: The summed dimension.
    ///   - together: Groups that are read at once; `nil` for those of the instruction set in use.
    /// - Returns: A multiple of `together`.
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

/// W `[outer, inner]` narrowed and in panels, for x · Wᵀ.
struct NarrowWeights: ~Copyable, Sendable {
    let precision: ProductPrecision
    private let inner: Int
    private let outer: Int
    private let panels: Matrix
    /// Of int8: each row's scale, and the sum of what its bytes stand for.
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

    /// y = activation(x · Wᵀ + bias)
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

    /// The floats of scratch that `rows` rows of x take.
    static func scratchColumns(_ precision: ProductPrecision, rows: Int, inner: Int) -> Int {
        Scratch.size(rows * groups(precision, inner)) + Scratch.size(2 * rows)
    }

    /// Of one row, as many as every instruction set can read.
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
