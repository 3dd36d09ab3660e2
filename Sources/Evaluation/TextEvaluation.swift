import Corpora
public import Labelling

/// An evaluation of texts that are labelled as wholes.
public struct TextEvaluation: Sendable {
    /// The counts, by the checkpoint's kind.
    public enum Results: Sendable {
        /// The results of texts with one label each.
        case oneLabel(ConfusionMatrix, Calibration)
        /// The results of texts with any number of labels.
        case anyLabels(MultiLabelPredictions)
    }

    /// The results so far.
    public private(set) var results: Results
    /// The predictions for every text, with the checkpoint's own thresholds.
    public private(set) var predictions: Predictions
    private let labels: [String]
    private let places: [String: Int]
    /// The number of texts whose windows are in memory at the same time.
    private static let portion = 256

    /// Creates an evaluation without texts.
    ///
    /// - Parameter labeller: The labeller of the checkpoint, whose task determines whether a text has one label or any
    ///   number.
    public init(_ labeller: Labeller) {
        labels = labeller.labels
        places = Dictionary(zip(labels, labels.indices), uniquingKeysWith: { first, _ in first })
        predictions = Predictions(labels: labels, areExclusive: labeller.labelsSentences)
        // A checkpoint that labels texts but not sentences is a multi-label checkpoint.
        results =
            labeller.labelsSentences
            ? .oneLabel(ConfusionMatrix(labels: labels), Calibration())
            : .anyLabels(MultiLabelPredictions(labels: labels, thresholds: labeller.thresholds))
    }

    /// Labels texts and counts the results.
    ///
    /// - Parameters:
    ///   - corpus: The texts with the names of their true labels.
    ///   - engine: The engine that labels them.
    /// - Throws: ``CorpusError`` if the corpus has a label that the checkpoint lacks, or if the checkpoint assigns one
    ///   label and a text has none or several; an error of the labeller if the checkpoint labels only sentences.
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

    /// The classification report of the results.
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
                throw problem("has the label \"\(name)\", but the labels of the checkpoint are \(known)")
            }
            return place
        }
        if case .oneLabel = results, truth.count != 1 {
            throw problem("has \(truth.count) labels, but the checkpoint assigns one label to every text")
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
