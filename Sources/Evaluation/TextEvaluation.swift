import Corpora
public import Labelling

/// How well texts are labelled as wholes.
public struct TextEvaluation: Sendable {
    /// What was counted.
    public enum Results: Sendable {
        /// Texts that have one label each.
        case oneLabel(ConfusionMatrix, Calibration)
        /// Texts that have any number.
        case anyLabels(MultiLabelPredictions)
    }

    /// What the texts came out as.
    public private(set) var results: Results
    /// Every text, with the labels that the checkpoint's own thresholds give.
    public private(set) var predictions: Predictions
    private let labels: [String]
    private let places: [String: Int]
    /// The texts whose windows are in memory at a time.
    private static let portion = 256

    /// Nothing evaluated yet.
    ///
    /// - Parameter labeller: A checkpoint's; its task tells how many labels a text has.
    public init(_ labeller: Labeller) {
        labels = labeller.labels
        places = Dictionary(zip(labels, labels.indices), uniquingKeysWith: { first, _ in first })
        predictions = Predictions(labels: labels, areExclusive: labeller.labelsSentences)
        // What labels texts but not sentences gives them any number of labels.
        results =
            labeller.labelsSentences
            ? .oneLabel(ConfusionMatrix(labels: labels), Calibration())
            : .anyLabels(MultiLabelPredictions(labels: labels, thresholds: labeller.thresholds))
    }

    /// Labels texts and counts the results.
    ///
    /// - Parameters:
    ///   - corpus: Texts with the names of their true labels.
    ///   - engine: Labels them.
    /// - Throws: ``CorpusError`` where the corpus has a label the checkpoint does not, or a text has not one label and
    ///   the checkpoint gives one; an error of the labeller where the checkpoint labels sentences only.
    public mutating func add(
        _ corpus: some Sequence<(id: String, text: String, labels: [String])>, engine: Engine
    ) throws {
        var prepared: [PreparedText] = []
        var expected: [(id: String, truth: [Int])] = []
        for (id, text, names) in corpus {
            expected.append((id, try truth(names, of: id, text)))
            prepared.append(try engine.labeller.prepare(text: text))
            if prepared.count == Self.portion {
                count(engine.label(prepared), expected)
                prepared.removeAll(keepingCapacity: true)
                expected.removeAll(keepingCapacity: true)
            }
        }
        count(engine.label(prepared), expected)
    }

    /// The table of the results.
    public var report: ClassificationReport {
        switch results {
        case .oneLabel(let matrix, _): ClassificationReport(matrix)
        case .anyLabels(let predictions): ClassificationReport(predictions.counts)
        }
    }

    private func truth(_ names: [String], of id: String, _ text: String) throws -> [Int] {
        func problem(_ sentence: String) -> CorpusError {
            let beginning = String(String.UnicodeScalarView(text.unicodeScalars.prefix(40)))
            return CorpusError(description: "\(id): the text beginning with \(beginning.debugDescription) \(sentence).")
        }
        let truth = try names.map { name in
            guard let place = places[name] else {
                let known = labels.joined(separator: ", ")
                throw problem("has the label \"\(name)\"; the checkpoint's labels are \(known)")
            }
            return place
        }
        if case .oneLabel = results, truth.count != 1 {
            throw problem("has \(truth.count) labels; the checkpoint gives every text one")
        }
        return truth
    }

    private mutating func count(_ labelled: [LabelledText], _ expected: [(id: String, truth: [Int])]) {
        for (text, (id, truth)) in zip(labelled, expected) {
            predictions.items.append(
                Prediction(
                    id: id, text: text.input, truth: truth.sorted(), given: text.labels, probabilities: text.scores))
        }
        switch results {
        case .oneLabel(var matrix, var calibration):
            for (text, (_, truth)) in zip(labelled, expected) {
                guard let truth = truth.first, let given = text.labels.first else { continue }
                matrix.count(truth: truth, given: given)
                calibration.add(confidence: text.scores[given], isRight: given == truth)
            }
            results = .oneLabel(matrix, calibration)
        case .anyLabels(var predictions):
            results = .anyLabels(MultiLabelPredictions(labels: labels))
            for (text, (_, truth)) in zip(labelled, expected) {
                var row = [Bool](repeating: false, count: labels.count)
                for label in truth { row[label] = true }
                predictions.add(probabilities: text.scores, truth: row)
            }
            results = .anyLabels(predictions)
        }
    }
}
