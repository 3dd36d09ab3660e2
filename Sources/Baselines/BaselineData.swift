import Corpora
import Evaluation
import Labelling
import Runs

/// The training data and development data of a baseline.
struct BaselineData: Sendable {
    let labels: [String]
    /// Whether a text has exactly one label.
    let areExclusive: Bool
    let learning: [TrainingText]
    let measuring: [TrainingText]
    /// Indices into `labels` of the labels of each training text.
    let targets: [[Int]]
    /// Indices into `labels` of the labels of each development text.
    let measuringTargets: [[Int]]

    init(_ prepared: PreparedData, task: TrainingTask) throws {
        labels = prepared.labels
        areExclusive = task != .multiLabelText
        learning = try Self.texts(prepared.learning)
        measuring = try Self.texts(prepared.measuring)
        targets = try learning.map { [labels, areExclusive] in try $0.targets(among: labels, areExclusive: areExclusive)
        }
        measuringTargets = try measuring.map { [labels, areExclusive] in
            try $0.targets(among: labels, areExclusive: areExclusive)
        }
    }

    /// Converts probabilities of the development texts to predictions. If texts may have any number of labels, tunes the
    /// thresholds on these same texts.
    func evaluate(_ probabilities: [[Double]]) -> (predictions: Predictions, thresholds: Thresholds?) {
        var thresholds: Thresholds?
        if !areExclusive {
            let truth = measuringTargets.map { targets in labels.indices.map { targets.contains($0) } }
            thresholds = tuneThresholds(probabilities: probabilities, truth: truth)
        }
        let predictions = Predictions(
            labels: labels, texts: measuring, targets: measuringTargets, probabilities: probabilities,
            thresholds: thresholds)
        return (predictions, thresholds)
    }

    /// Returns a metric of the predictions that follow from probabilities of the development texts.
    func figure(_ figure: SelectionFigure, of probabilities: [[Double]]) -> Double {
        let (predictions, _) = evaluate(probabilities)
        return Figures(predictions).value(of: figure)
    }

    static func texts(_ items: LabelledItems) throws -> [TrainingText] {
        guard case .texts(let texts) = items else {
            throw TrainingError.recipe(
                "a baseline is trained on texts, but the data are abstracts; pass --task sentence.")
        }
        return texts
    }
}

extension TrainingText {
    /// Returns the indices of the text's labels in `labels`, in ascending order.
    ///
    /// - Throws: `CorpusError` for a label that is not in `labels`; `TrainingError` if `areExclusive` and the text does not
    ///   have exactly one label.
    func targets(among labels: [String], areExclusive: Bool) throws -> [Int] {
        guard !areExclusive || self.labels.count == 1 else {
            throw TrainingError.recipe(
                "\(id) has \(self.labels.count) labels; expected one. For texts with any number of labels, pass --task \(TrainingTask.multiLabelText.rawValue)."
            )
        }
        return try self.labels.map { label in
            guard let place = labels.firstIndex(of: label) else {
                throw CorpusError(
                    description:
                        "\(id) has the label \"\(label)\", but the labels of the baseline are "
                        + "\(labels.joined(separator: ", ")). Correct the label, or use another baseline."
                )
            }
            return place
        }.sorted()
    }
}

extension Predictions {
    /// Predicts labels from probabilities: with `thresholds`, all labels that reach their threshold; without, the label with
    /// the highest probability.
    init(
        labels: [String], texts: [TrainingText], targets: [[Int]], probabilities: [[Double]], thresholds: Thresholds?
    ) {
        let items = zip(texts, zip(targets, probabilities)).map { text, outcome in
            let (truth, probabilities) = outcome
            let given =
                thresholds.map { thresholds in labels.indices.filter { probabilities[$0] >= thresholds.values[$0] } }
                ?? labels.indices.max { probabilities[$0] < probabilities[$1] }.map { [$0] } ?? []
            return Prediction(
                id: text.id, text: text.text, truth: truth, given: given, probabilities: probabilities)
        }
        self.init(labels: labels, areExclusive: thresholds == nil, items: items)
    }
}
