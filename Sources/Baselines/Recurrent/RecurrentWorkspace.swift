package import Kernels

/// What a step keeps from forward for backward, and the gradients on their way back; allocated once.
package final class RecurrentWorkspace {
    /// Words' vectors, dropped out, `[T, E]`.
    var embedded: Matrix
    /// Their projections for both directions, `[T, 6 · H]`.
    var projected: Matrix
    var states: Matrix
    var gates: Matrix
    /// Texts' vectors, dropped out, `[S, 2 · H]`.
    var pooled: Matrix
    /// `[S, L]`
    package var logits: Matrix
    package var logitsGradient: Matrix
    var pooledGradient: Matrix
    var statesGradient: Matrix
    var projectedGradient: Matrix
    var recurrentGradient: Matrix
    var previous: Matrix
    var embeddedGradient: Matrix
    var panels: Matrix
    var scratch: Matrix

    /// Room for batches of a network.
    ///
    /// - Parameters:
    ///   - sizes: The network's.
    ///   - tokens: The most words of a batch.
    ///   - texts: The most texts of a batch.
    ///   - threads: The team's members.
    package init(_ sizes: RecurrentNetwork.Sizes, tokens: Int, texts: Int, threads: Int) {
        let (embedding, state, labels) = (sizes.embedding, sizes.state, sizes.labels)
        embedded = Matrix(rows: tokens, columns: embedding)
        projected = Matrix(rows: tokens, columns: 6 * state)
        states = Matrix(rows: tokens, columns: 2 * state)
        gates = Matrix(rows: tokens, columns: 8 * state)
        pooled = Matrix(rows: texts, columns: 2 * state)
        logits = Matrix(rows: texts, columns: labels)
        logitsGradient = Matrix(rows: texts, columns: labels)
        pooledGradient = Matrix(rows: texts, columns: 2 * state)
        statesGradient = Matrix(rows: tokens, columns: 2 * state)
        projectedGradient = Matrix(rows: tokens, columns: 6 * state)
        recurrentGradient = Matrix(rows: tokens, columns: 6 * state)
        previous = Matrix(rows: tokens, columns: 2 * state)
        embeddedGradient = Matrix(rows: tokens, columns: embedding)
        let panelRows = [
            linearPanelRows(inner: embedding, outer: 6 * state), linearPanelRows(inner: 2 * state, outer: labels),
            recurrencePanelRows(width: state),
        ]
        panels = Matrix(rows: panelRows.max() ?? 0, columns: 32)
        scratch = Matrix(rows: threads, columns: recurrenceScratchColumns(width: state))
    }
}
