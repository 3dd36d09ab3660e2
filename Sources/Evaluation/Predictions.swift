public import Labelling

/// What a model said of one sentence or text, beside what is true.
public struct Prediction: Sendable, Equatable {
    /// The abstract's, or the text's.
    public var id: String
    /// The sentence's place in its abstract, from 0; `nil` for a text.
    public var sentence: Int?
    /// The sentence or text.
    public var text: String
    /// Places among the labels: one where labels exclude each other, any number where they do not.
    public var truth: [Int]
    /// What it was given.
    public var given: [Int]
    /// Each label's, `[L]`.
    public var probabilities: [Double]

    /// A prediction beside the truth.
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

/// Every prediction of a corpus, in its order, from which every figure can be told again.
public struct Predictions: Sendable, Equatable {
    /// Names, in the model's order.
    public let labels: [String]
    /// Whether labels exclude each other.
    public let areExclusive: Bool
    /// The sentences of an abstract follow each other.
    public var items: [Prediction]

    /// Those of `items`.
    public init(labels: [String], areExclusive: Bool, items: [Prediction] = []) {
        self.labels = labels
        self.areExclusive = areExclusive
        self.items = items
    }

    /// How often each label was given each; of predictions whose labels exclude each other.
    public var confusionMatrix: ConfusionMatrix {
        items.reduce(into: ConfusionMatrix(labels: labels)) { matrix, item in
            if let truth = item.truth.first, let given = item.given.first { matrix.count(truth: truth, given: given) }
        }
    }

    /// Whether probabilities are the shares that are right: those of the given labels where labels exclude each other, otherwise
    /// those of all labels, whatever the thresholds, each right where the text has the label.
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

    /// The same with the labels that other thresholds give; of predictions with any number of labels.
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
