internal import Kernels

/// A trainable head.
enum TrainableHead {
    case sentences(SentenceHead)
    case text(TextHead)

    var parameters: [Parameter] {
        switch self {
        case .sentences(let head): head.parameters
        case .text(let head): head.parameters
        }
    }
}

/// The trainable head of ``SequenceLabeller``: mean vectors, a classifier and a CRF.
final class SentenceHead {
    let classifier: TrainableLinear
    let transitions: Parameter
    let start: Parameter
    let end: Parameter

    init(classifier: TrainableLinear, transitions: Parameter, start: Parameter, end: Parameter) {
        self.classifier = classifier
        self.transitions = transitions
        self.start = start
        self.end = end
    }

    var parameters: [Parameter] { classifier.parameters + [transitions, start, end] }

    private var field: ConditionalRandomField {
        ConditionalRandomField(
            transitions: (0..<transitions.value.rows).map { transitions.value.row($0).map(Double.init) },
            start: start.value.values.map(Double.init), end: end.value.values.map(Double.init))
    }

    /// Runs the head forward and backward. Returns the sum of the texts' losses and leaves the gradient with respect to
    /// the encoder's output in the workspace.
    func accumulate(
        _ batch: TrainingBatch, dropout: Dropout, scale: Double, _ workspace: inout TrainingWorkspace,
        team: ThreadTeam
    ) -> Double {
        let hidden = workspace.states[workspace.layers.count]
        meanPool(hidden.rows, spans: batch.spans, into: &workspace.vectors)
        dropOut(&workspace.vectors, dropout, team: team)
        classifier.forward(workspace.vectors, into: &workspace.logits, panels: &workspace.panels, team: team)
        let loss = decode(batch, scale: scale, &workspace)
        classifier.backward(
            workspace.logitsGradient, input: workspace.vectors, into: &workspace.vectorsGradient,
            panels: &workspace.panels, team: team)
        dropOut(&workspace.vectorsGradient, dropout, team: team)
        workspace.outputGradient.resize(rows: hidden.rows.rows)
        meanPoolBackward(workspace.vectorsGradient, spans: batch.spans, into: &workspace.outputGradient)
        return loss
    }

    /// Computes the loss of each text and the gradient with respect to its emissions, and adds to the CRF's gradients.
    private func decode(_ batch: TrainingBatch, scale: Double, _ workspace: inout TrainingWorkspace) -> Double {
        let field = field
        workspace.logitsGradient.resize(rows: workspace.logits.rows)
        var (total, row) = (0.0, 0)
        for case .sequence(let named, let allowed, let exactShare, let taught) in batch.targets where !named.isEmpty {
            let emissions = named.indices.map { workspace.logits.row(row + $0).map(Double.init) }
            let (loss, gradient) = field.loss(
                emissions: emissions, named: named, allowed: allowed, exactShare: exactShare, taught: taught)
            total += loss
            for (offset, derivatives) in gradient.emissions.enumerated() {
                workspace.logitsGradient.set(row: row + offset, to: derivatives, scale: scale)
            }
            for (from, derivatives) in gradient.transitions.enumerated() {
                transitions.gradient.add(row: from, derivatives, scale: scale)
            }
            start.gradient.add(row: 0, gradient.start, scale: scale)
            end.gradient.add(row: 0, gradient.end, scale: scale)
            row += named.count
        }
        return total
    }
}

/// The trainable head of ``SequenceClassifier``: a pooler and a classifier on `[CLS]`.
final class TextHead {
    let pooler: TrainableLinear
    let classifier: TrainableLinear

    init(pooler: TrainableLinear, classifier: TrainableLinear) {
        self.pooler = pooler
        self.classifier = classifier
    }

    var parameters: [Parameter] { pooler.parameters + classifier.parameters }

    /// Runs the head forward and backward. Returns the sum of the texts' losses and leaves the gradient with respect to
    /// the encoder's output in the workspace.
    func accumulate(
        _ batch: TrainingBatch, dropout: Dropout, smoothing: Double, scale: Double,
        _ workspace: inout TrainingWorkspace, team: ThreadTeam
    ) -> Double {
        let hidden = workspace.states[workspace.layers.count]
        let rows = Array(batch.batch.cumulativeLengths.dropLast())
        gather(hidden.rows, rows: rows, into: &workspace.vectors)
        pooler.forward(workspace.vectors, into: &workspace.pooled, panels: &workspace.panels, team: team)
        tanhInPlace(workspace.pooled.view)
        workspace.droppedPooled.assign(workspace.pooled)
        dropOut(&workspace.droppedPooled, dropout, team: team)
        classifier.forward(workspace.droppedPooled, into: &workspace.logits, panels: &workspace.panels, team: team)
        var total = 0.0
        workspace.logitsGradient.resize(rows: workspace.logits.rows)
        for (row, target) in batch.targets.enumerated() {
            let logits = workspace.logits.row(row).map(Double.init)
            let (loss, gradient) =
                switch target {
                case .label(let label): softmaxCrossEntropy(logits, target: label, smoothing: smoothing)
                case .labels(let labels): binaryCrossEntropy(logits, targets: labels)
                case .sequence: preconditionFailure("a text classifier cannot be trained on a sequence of labels")
                }
            total += loss
            workspace.logitsGradient.set(row: row, to: gradient, scale: scale)
        }
        classifier.backward(
            workspace.logitsGradient, input: workspace.droppedPooled, into: &workspace.pooledGradient,
            panels: &workspace.panels, team: team)
        dropOut(&workspace.pooledGradient, dropout, team: team)
        tanhBackward(&workspace.pooledGradient, output: workspace.pooled)
        pooler.backward(
            workspace.pooledGradient, input: workspace.vectors, into: &workspace.vectorsGradient,
            panels: &workspace.panels, team: team)
        workspace.outputGradient.resize(rows: hidden.rows.rows)
        gatherBackward(workspace.vectorsGradient, rows: rows, into: &workspace.outputGradient)
        return total
    }
}

extension Matrix {
    fileprivate mutating func set(row: Int, to values: [Double], scale: Double) {
        for (column, value) in values.enumerated() { self[row, column] = Float(value * scale) }
    }

    fileprivate mutating func add(row: Int, _ values: [Double], scale: Double) {
        for (column, value) in values.enumerated() { self[row, column] += Float(value * scale) }
    }
}
