public import Kernels

/// Hugging Face's `BertForSequenceClassification`: a pooler and a classifier on the `[CLS]` of each window.
public final class SequenceClassifier: Sendable {
    /// The encoder (`bert.*` without the pooler).
    public let encoder: Encoder
    /// Pooler, `[width, width]`; tanh follows it.
    public let pooler: LinearParameters
    /// Classifier, `[labels, width]`.
    public let classifier: LinearParameters
    /// Labels in the order of the classifier's rows.
    public let labels: [String]

    init(
        encoder: Encoder, pooler: consuming LinearParameters, classifier: consuming LinearParameters, labels: [String]
    ) {
        self.encoder = encoder
        self.pooler = pooler
        self.classifier = classifier
        self.labels = labels
    }

    /// Computes the logits of every window in a batch.
    ///
    /// - Parameters:
    ///   - batch: One window per text, `[CLS] … [SEP]`.
    ///   - workspace: Scratch memory; ``Workspace/logits`` receives the logits, `[W, labels]`.
    ///   - team: Threads that share the work.
    public func logits(_ batch: borrowing Batch, _ workspace: inout Workspace, team: ThreadTeam) {
        encoder.forward(batch, .first, &workspace, team: team)
        workspace.pooled.resize(rows: batch.windows)
        workspace.logits.resize(rows: batch.windows)
        let (scratch, hidden, pooled, logits) = (
            workspace.scratch.view, workspace.hidden.view, workspace.pooled.view, workspace.logits.view
        )
        team.forEach(RowBlocks(rows: batch.windows, members: team.count)) { rows, member in
            let scratch = scratch[member..<member + 1]
            pooler.apply(hidden[rows], into: pooled[rows], scratch: scratch)
            tanhInPlace(pooled[rows])
            classifier.apply(pooled[rows], into: logits[rows], scratch: scratch)
        }
    }
}
