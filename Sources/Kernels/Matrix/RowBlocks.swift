/// A division of a batch's rows into equal blocks, for a chain of matrix multiplications that stays within each row. A
/// block is so small that the result of one multiplication is still in the second-level cache for the next.
public struct RowBlocks: Sendable {
    /// Number of rows of the whole batch.
    public let rows: Int
    /// Number of rows of every block except perhaps the last.
    public let step: Int

    /// Most rows of a block. OpenBLAS packs its right operand at every call, so it gets larger blocks.
    public static let mostRows = PackedProduct.isFastest ? 96 : 384

    /// Divides the rows so that every member of a team gets the same share.
    ///
    /// - Parameters:
    ///   - rows: Number of rows of the batch.
    ///   - members: Number of members of the team.
    public init(rows: Int, members: Int) {
        self.rows = rows
        let count = max(1, (rows + Self.mostRows * members - 1) / (Self.mostRows * members)) * members
        let even = max(1, (rows + count - 1) / count)
        step = min(Self.mostRows, (even + PackedProduct.tileRows - 1) / PackedProduct.tileRows * PackedProduct.tileRows)
    }

    /// Number of blocks.
    public var count: Int { (rows + step - 1) / step }

    /// The rows of one block.
    public subscript(block: Int) -> Range<Int> { block * step..<min(rows, (block + 1) * step) }
}

extension ThreadTeam {
    /// Calls `body` with the rows of every block, on all members.
    public func forEach(_ blocks: RowBlocks, _ body: (_ rows: Range<Int>, _ member: Int) -> Void) {
        forEach(blocks.count) { block, member in body(blocks[block], member) }
    }
}
