internal import CKernels

/// Number of elements that a member of a team takes at a time in an elementwise loop: 64 KiB, a multiple of every
/// vector length.
let elementsAtATime = 16_384

extension ThreadTeam {
    /// Sums over rows, with a result that does not depend on which member takes which rows.
    ///
    /// Each block of `step` rows has sums of its own. These are added to the totals in the order of the blocks.
    ///
    /// - Parameters:
    ///   - rows: Number of rows.
    ///   - step: Rows of a block; the rounding of the sums depends on it.
    ///   - totals: Vectors `[width]` to which the sums are added.
    ///   - width: Length of one total.
    ///   - body: Called with the rows of a block and its sums, `[totals, width]`, which are zero at first.
    func addSums(
        of rows: Int, step: Int, to totals: [UnsafeMutablePointer<Float>], width: Int,
        _ body: (_ rows: Range<Int>, _ sums: UnsafeMutablePointer<Float>) -> Void
    ) {
        let step = max(1, step)
        let blocks = (rows + step - 1) / step
        guard blocks > 0 else { return }
        let blockSize = unsafe totals.count * width
        let kernels = unsafe Arithmetic.kernels
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: blocks * blockSize) { buffer in
            guard let sums = buffer.baseAddress else { return }
            unsafe sums.initialize(repeating: 0, count: blocks * blockSize)
            forEachBlock(of: rows, step: step) { range, _ in
                unsafe body(range, sums + range.lowerBound / step * blockSize)
            }
            for index in unsafe totals.indices {
                unsafe kernels.add_rows(totals[index], sums + index * width, blocks, width, blockSize)
            }
        }
    }
}

/// Returns the default rows per block of sums: enough blocks for every member, independent of the team.
func sumStep(rows: Int) -> Int {
    max(8, (rows + 63) / 64)
}
