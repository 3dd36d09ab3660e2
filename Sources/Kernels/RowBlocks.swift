/// How the rows of a batch are shared out for a chain of products that stays within each row: blocks of equal size, so few
/// rows that what one product gives the next is still in the second-level cache.
public struct RowBlocks: Sendable {
    /// The rows of the whole batch.
    public let rows: Int
    /// Of every block but perhaps the last.
    public let step: Int

    /// The most rows of a block. OpenBLAS packs its right factor for each product, which must stay small beside it.
    public static let mostRows = PackedProduct.isFastest ? 96 : 384

    /// - Parameters:
    ///   - rows: Of the batch.
    ///   - members: Of the team, each of whom is given as much as the others.
    public init(rows: Int, members: Int) {
        self.rows = rows
        let count = max(1, (rows + Self.mostRows * members - 1) / (Self.mostRows * members)) * members
        let even = max(1, (rows + count - 1) / count)
        step = min(Self.mostRows, (even + PackedProduct.tileRows - 1) / PackedProduct.tileRows * PackedProduct.tileRows)
    }

    /// Blocks.
    public var count: Int { (rows + step - 1) / step }

    /// The rows of one block.
    public subscript(block: Int) -> Range<Int> { block * step..<min(rows, (block + 1) * step) }
}

extension ThreadTeam {
    /// Calls `body` for the rows of every block.
    public func forEach(_ blocks: RowBlocks, _ body: (_ rows: Range<Int>, _ member: Int) -> Void) {
        forEach(blocks.count) { block, member in body(blocks[block], member) }
    }
}
