public import Labelling

/// The predicted labels of one sentence or text, with its true labels.
public struct Prediction: Sendable, Equatable {
    /// The id of the abstract or text.
    public var id: String
    /// The index of the sentence in its abstract, from 0; `nil` for a text.
    public var sentence: Int?
    /// The sentence or text.
    public var text: String
    /// The true labels as indices: one if labels exclude each other, otherwise any number.
    public var truth: [Int]
    /// The predicted labels as indices.
    public var given: [Int]
    /// The probability of each label, `[labels]`.
    public var probabilities: [Double]

    /// Creates a prediction.
    public init(
        id: String, sentence: Int? = nil, text: String, truth: [Int], given: [Int], probabilities: [Double]
    ) {
        self.id = id
        self.sentence = sentence
        self.text = text
        self.truth = truth
        self.given = given
        self.probabilities = probabilities
    }
}

/// The predictions for a corpus in its order, from which all metrics can be computed.
public struct Predictions: Sendable, Equatable {
    /// The label names, in the order of the model.
    public let labels: [String]
    /// Whether labels exclude each other.
    public let areExclusive: Bool
    /// The predictions. The sentences of an abstract are consecutive.
    public var items: [Prediction]

    /// Creates predictions from `items`.
    public init(labels: [String], areExclusive: Bool, items: [Prediction] = []) {
        self.labels = labels
        self.areExclusive = areExclusive
        self.items = items
    }

    /// The confusion matrix. Meaningful only if labels exclude each other.
    public var confusionMatrix: ConfusionMatrix {
        items.reduce(into: ConfusionMatrix(labels: labels)) { matrix, item in
            if let truth = item.truth.first, let given = item.given.first { matrix.count(truth: truth, given: given) }
        }
    }

    /// The calibration of the probabilities. If labels exclude each other, it covers the predicted labels; otherwise
    /// all labels of every text, independently of the thresholds.
    public var calibration: Calibration {
        items.reduce(into: Calibration()) { calibration, item in
            guard areExclusive else {
                for (label, probability) in item.probabilities.enumerated() {
                    calibration.add(confidence: probability, isRight: item.truth.contains(label))
                }
                return
            }
            guard let given = item.given.first else { return }
            calibration.add(confidence: item.probabilities[given], isRight: item.truth == item.given)
        }
    }

    /// The counts of every label.
    public var multiLabelCounts: MultiLabelCounts {
        func row(_ places: [Int]) -> [Bool] {
            places.reduce(into: [Bool](repeating: false, count: labels.count)) { $0[$1] = true }
        }
        return items.reduce(into: MultiLabelCounts(labels: labels)) {
            $0.count(truth: row($1.truth), given: row($1.given))
        }
    }

    /// Returns the predictions with the labels that other thresholds select. Meaningful only if an item may have any
    /// number of labels.
    public func deciding(by thresholds: Thresholds) -> Predictions {
        var decided = self
        for index in items.indices {
            decided.items[index].given = labels.indices.filter {
                items[index].probabilities[$0] >= thresholds.values[$0]
            }
        }
        return decided
    }
}
