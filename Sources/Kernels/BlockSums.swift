internal import CKernels

/// Elements that a member of a team takes at a time in an elementwise loop: 64 KiB, a multiple of every vector.
let elementsAtATime = 16_384

extension ThreadTeam {
    /// Sums over rows that come out the same whichever member takes which rows.
    ///
    /// Each block of `step` rows has sums of its own, and these are added to the totals in the blocks' order.
    ///
    /// - Parameters:
    ///   - rows: How many.
    ///   - step: Rows of a block, which the sums' rounding depends on.
    ///   - totals: Where to add the sums, `[width]` each.
    ///   - width: The length of one total.
    ///   - body: Is given a block's rows and its sums, `[totals, width]`, zero at first.
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

/// Rows of a block of sums where nothing else decides them: enough blocks for every member, whatever the team.
func sumStep(rows: Int) -> Int {
    max(8, (rows + 63) / 64)
}
