/// The states and gates that ``gatedRecurrence(_:texts:_:into:scratch:team:backend:)`` computes for a batch. Its backward
/// pass reads them.
public struct RecurrenceActivations: ~Copyable {
    /// The states h of the forward and the backward direction, side by side, `[T, 2 · H]`.
    public internal(set) var states: Matrix
    /// r, z, n and W_n · h + b_n of each direction, `[T, 8 · H]`.
    var gates: Matrix

    /// Allocates the matrices.
    ///
    /// - Parameters:
    ///   - rows: The largest number of rows T.
    ///   - width: Width H of the state of one direction.
    public init(rows: Int, width: Int) {
        states = Matrix(rows: rows, columns: 2 * width)
        gates = Matrix(rows: rows, columns: 8 * width)
    }

    var width: Int { states.columns / 2 }
}

/// The memory in which the gated recurrence and its backward pass work. No call needs what an earlier call left there.
public struct RecurrenceScratch: ~Copyable {
    /// W of both directions, packed for the forward or the backward pass.
    var panels: Matrix
    /// One row for each member of the team: the states or gradients of a block of texts, and their products with W.
    var carried: Matrix
    /// Gradient with respect to W · h + b, `[T, 6 · H]`.
    var productGradient: Matrix
    /// The state before each row, `[T, 2 · H]`.
    var previous: Matrix

    /// Allocates the matrices. Those of the backward pass use memory once it runs.
    ///
    /// - Parameters:
    ///   - rows: The largest number of rows T.
    ///   - width: Width H of the state of one direction.
    ///   - threads: Number of members of the team.
    public init(rows: Int, width: Int, threads: Int) {
        panels = Matrix(rows: 2 * linearPanelRows(inner: width, outer: 3 * width), columns: PackedProduct.panelColumns)
        carried = Matrix(rows: threads, columns: TextBlocks.size * 4 * width)
        productGradient = Matrix(rows: rows, columns: 6 * width)
        previous = Matrix(rows: rows, columns: 2 * width)
    }

    func fits(width: Int, _ team: ThreadTeam) -> Bool {
        carried.rows >= team.count && previous.columns == 2 * width
    }
}
