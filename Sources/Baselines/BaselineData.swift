import Evaluation
import Labelling
import Training

/// What a baseline learns from and is measured on.
struct BaselineData: Sendable {
    let labels: [String]
    /// Whether labels exclude each other.
    let areExclusive: Bool
    let learning: [TrainingText]
    let measuring: [TrainingText]
    /// Places among the labels, of each text to learn from.
    let targets: [[Int]]
    /// The same of each text to measure on.
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

    /// What probabilities of the texts to measure on make of them, with thresholds tuned on these very texts where any number
    /// of labels is given.
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

    /// The mean loss of probabilities of the texts to measure on.
    func figure(_ figure: Recipe.Figure, of probabilities: [[Double]]) -> Double {
        let (predictions, _) = evaluate(probabilities)
        return Figures(predictions).value(of: figure)
    }

    static func texts(_ items: LabelledItems) throws -> [TrainingText] {
        guard case .texts(let texts) = items else {
            throw TrainingError.recipe(
                "a baseline learns from texts, and the data are abstracts; give --task sentence.")
        }
        return texts
    }
}

extension TrainingText {
    /// The places of its labels.
    ///
    /// - Throws: `CorpusError` for a label that is not among `labels`; `TrainingError` where it has not one label and labels
    ///   exclude each other.
    func targets(among labels: [String], areExclusive: Bool) throws -> [Int] {
        guard !areExclusive || self.labels.count == 1 else {
            throw TrainingError.recipe(
                "\(id) has \(self.labels.count) labels; expected one. For texts with any number of labels give --task \(TrainingTask.multiLabelText.rawValue)."
            )
        }
        return try self.labels.map { label in
            guard let place = labels.firstIndex(of: label) else {
                throw CorpusError(
                    description:
                        "\(id) has the label \"\(label)\"; the baseline's labels are \(labels.joined(separator: ", "))."
                )
            }
            return place
        }.sorted()
    }
}

extension Predictions {
    /// The label with the highest probability where labels exclude each other, which is where there are no `thresholds`;
    /// otherwise all that reach theirs.
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
