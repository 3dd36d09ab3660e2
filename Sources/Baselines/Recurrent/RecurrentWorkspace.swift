package import Kernels

/// The buffers of a training step, allocated once: activations kept for the backward pass, and gradients.
package final class RecurrentWorkspace {
    /// Word embeddings after dropout, `[T, E]`.
    var embedded: Matrix
    /// Projected word embeddings for both directions, `[T, 6 · H]`.
    var projected: Matrix
    /// States and gates of both directions.
    var recurrence: RecurrenceActivations
    /// Pooled text vectors after dropout, `[S, 2 · H]`.
    var pooled: Matrix
    /// Logits, `[S, L]`.
    package var logits: Matrix
    package var logitsGradient: Matrix
    var pooledGradient: Matrix
    var statesGradient: Matrix
    var projectedGradient: Matrix
    var embeddedGradient: Matrix
    var recurrenceScratch: RecurrenceScratch
    /// Packed weights of one linear layer.
    var panels: Matrix

    /// Allocates the buffers for a network.
    ///
    /// - Parameters:
    ///   - sizes: The sizes of the network.
    ///   - tokens: The largest number of words in a batch.
    ///   - texts: The largest number of texts in a batch.
    ///   - threads: The number of threads in the team.
    package init(_ sizes: RecurrentNetwork.Sizes, tokens: Int, texts: Int, threads: Int) {
        let (embedding, state, labels) = (sizes.embedding, sizes.state, sizes.labels)
        embedded = Matrix(rows: tokens, columns: embedding)
        projected = Matrix(rows: tokens, columns: 6 * state)
        recurrence = RecurrenceActivations(rows: tokens, width: state)
        pooled = Matrix(rows: texts, columns: 2 * state)
        logits = Matrix(rows: texts, columns: labels)
        logitsGradient = Matrix(rows: texts, columns: labels)
        pooledGradient = Matrix(rows: texts, columns: 2 * state)
        statesGradient = Matrix(rows: tokens, columns: 2 * state)
        projectedGradient = Matrix(rows: tokens, columns: 6 * state)
        embeddedGradient = Matrix(rows: tokens, columns: embedding)
        let panelRows = max(
            linearPanelRows(inner: embedding, outer: 6 * state), linearPanelRows(inner: 2 * state, outer: labels))
        panels = Matrix(rows: panelRows, columns: 32)
        recurrenceScratch = RecurrenceScratch(rows: tokens, width: state, threads: threads)
    }
}
