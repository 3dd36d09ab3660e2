public import Kernels

/// The encoder with a label head on each sentence's mean vector, and a CRF over the sentences of an abstract.
public final class SequenceLabeller: Sendable {
    /// `bert.*`
    public let encoder: Encoder
    /// `[labels, width]`
    public let classifier: LinearParameters
    /// `crf.*`
    public let decoder: ConditionalRandomField
    /// Names in the order of the classifier's rows.
    public let labels: [String]

    init(
        encoder: Encoder, classifier: consuming LinearParameters, decoder: ConditionalRandomField, labels: [String]
    ) {
        self.encoder = encoder
        self.classifier = classifier
        self.decoder = decoder
        self.labels = labels
    }

    /// Emissions of every sentence in a batch.
    ///
    /// - Parameters:
    ///   - batch: Windows of whole sentences, each with its `[SEP]`.
    ///   - spans: The sentences' rows in the batch, `[S]`, their `[SEP]`s included.
    ///   - workspace: ``Workspace/logits`` becomes the emissions, `[S, labels]`.
    ///   - team: Shares the work.
    public func emissions(
        _ batch: borrowing Batch, spans: [Range<Int>], _ workspace: inout Workspace, team: ThreadTeam
    ) {
        encoder.forward(batch, .all, &workspace, team: team)
        meanPool(workspace.hidden, spans: spans, into: &workspace.vectors)
        workspace.logits.resize(rows: spans.count)
        classifier.apply(workspace.vectors.view, into: workspace.logits.view, scratch: workspace.scratch.view)
    }
}
