public import Kernels

/// An encoder with a classifier on each sentence's mean vector and a CRF over the sentences of an abstract.
public final class SequenceLabeller: Sendable {
    /// The encoder (`bert.*`).
    public let encoder: Encoder
    /// Classifier, `[labels, width]`.
    public let classifier: LinearParameters
    /// The CRF that decodes the sentences (`crf.*`).
    public let decoder: ConditionalRandomField
    /// Labels in the order of the classifier's rows.
    public let labels: [String]

    init(
        encoder: Encoder, classifier: consuming LinearParameters, decoder: ConditionalRandomField, labels: [String]
    ) {
        self.encoder = encoder
        self.classifier = classifier
        self.decoder = decoder
        self.labels = labels
    }

    /// Computes the emissions of every sentence in a batch.
    ///
    /// - Parameters:
    ///   - batch: Windows of whole sentences, each sentence followed by `[SEP]`.
    ///   - spans: Rows of each sentence in the batch, including its `[SEP]`, `[S]`.
    ///   - workspace: Scratch memory; ``Workspace/logits`` receives the emissions, `[S, labels]`.
    ///   - team: Threads that share the work.
    public func emissions(
        _ batch: borrowing Batch, spans: [Range<Int>], _ workspace: inout Workspace, team: ThreadTeam
    ) {
        encoder.forward(batch, .all, &workspace, team: team)
        meanPool(workspace.hidden, spans: spans, into: &workspace.vectors)
        workspace.logits.resize(rows: spans.count)
        classifier.apply(workspace.vectors.view, into: workspace.logits.view, scratch: workspace.scratch.view)
    }
}
