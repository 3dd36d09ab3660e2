public import Kernels

/// Hugging Face's `BertForSequenceClassification`: pooler and classifier on a window's `[CLS]`.
public final class SequenceClassifier: Sendable {
    /// `bert.*` without the pooler.
    public let encoder: Encoder
    /// `[width, width]`, followed by tanh.
    public let pooler: LinearParameters
    /// `[labels, width]`
    public let classifier: LinearParameters
    /// Names in the order of the classifier's rows.
    public let labels: [String]

    init(
        encoder: Encoder, pooler: consuming LinearParameters, classifier: consuming LinearParameters, labels: [String]
    ) {
        self.encoder = encoder
        self.pooler = pooler
        self.classifier = classifier
        self.labels = labels
    }

    /// Logits of every window in a batch.
    ///
    /// - Parameters:
    ///   - batch: One window a text, `[CLS] … [SEP]`.
    ///   - workspace: ``Workspace/logits`` becomes the logits, `[W, labels]`.
    ///   - team: Shares the work.
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
