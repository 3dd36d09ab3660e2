internal import CKernels

/// Measurements of the highest matrix multiplication throughput of this processor, to compare a forward pass with.
public enum ProductLimit {
    /// Measures OpenBLAS's `sgemm` on all members of a team at once, at the shape of a linear layer.
    ///
    /// - Parameters:
    ///   - rows: Number of rows of x.
    ///   - inner: Number of columns of x and W.
    ///   - outer: Number of columns of y.
    ///   - team: Threads to measure; each multiplies matrices of its own.
    /// - Returns: Operations per second of all members together, or `nil` if OpenBLAS is not installed.
    public static func sgemm(rows: Int, inner: Int, outer: Int, team: ThreadTeam) -> Double? {
        guard BLAS.isAvailable else { return nil }
        let x = Matrix(rows: team.count * rows, columns: inner)
        let w = Matrix(rows: team.count * outer, columns: inner)
        let y = Matrix(rows: team.count * rows, columns: outer)
        let (xs, ws, ys) = (x.view, w.view, y.view)
        return rate(operations: 2 * rows * inner * outer, team: team) { member in
            unsafe BLAS.multiply(
                .asStored(xs[member * rows..<(member + 1) * rows].base, stride: inner),
                .transposed(ws[member * outer..<(member + 1) * outer].base, stride: inner),
                into: ys[member * rows..<(member + 1) * rows].base, outer, (rows, outer, inner))
        }
    }

    /// Measures the innermost loop of this program's own matrix multiplication on all members of a team at once, with
    /// operands that stay in the first-level cache.
    ///
    /// - Parameters:
    ///   - precision: Precision of the operands.
    ///   - team: Threads to measure.
    /// - Returns: Operations per second of all members together.
    public static func innerLoop(_ precision: ProductPrecision, team: ThreadTeam) -> Double {
        // One tile: 3 to 8 KiB of x and 8 KiB of a panel.
        let groups = 64
        let rows =
            unsafe precision == .float32
            ? PackedProduct.tileRows : Int(NarrowProduct.kernels(precision).pointee.tile_rows)
        let x = Matrix(rows: team.count, columns: rows * groups)
        let panel = Matrix(rows: team.count, columns: groups * ck_panel_columns)
        let y = Matrix(rows: team.count, columns: rows * ck_panel_columns)
        let (xs, panels, ys) = (x.view, panel.view, y.view)
        let perGroup = precision == .int8 ? 4 : precision == .bfloat16 ? 2 : 1
        return rate(operations: 2 * rows * groups * perGroup * ck_panel_columns, team: team) { member in
            let (x, panel, y) = unsafe (
                xs[member..<member + 1].base, panels[member..<member + 1].base, ys[member..<member + 1].base
            )
            if precision == .float32 {
                unsafe Arithmetic.kernels.product(
                    y, ck_panel_columns, x, groups, rows, panel, groups, ck_panel_columns)
            } else {
                unsafe NarrowProduct.kernels(precision).pointee.sums(
                    y, ck_panel_columns, x, groups * MemoryLayout<Float>.size, rows, panel, ck_panel_columns,
                    groups)
            }
        }
    }

    /// Returns the best rate of several short runs, because other processes can only slow a run down.
    private static func rate(operations: Int, team: ThreadTeam, _ call: (_ member: Int) -> Void) -> Double {
        let calls = max(1, 2_000_000_000 / operations)
        let clock = ContinuousClock()
        var shortest = Duration.seconds(1_000)
        for _ in 0..<7 {
            let time = clock.measure {
                team.forEach(team.count) { _, member in
                    for _ in 0..<calls { call(member) }
                }
            }
            shortest = min(shortest, time)
        }
        return Double(operations * calls * team.count) / (shortest / .seconds(1))
    }
}
