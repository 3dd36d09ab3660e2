import Checkpoint
import Evaluation
import Labelling

/// Measures a written checkpoint the way it will be used: loaded by the same code and run by the same engine as serving.
struct DevelopmentEvaluation {
    /// The figures.
    let figures: Figures
    /// As the familiar table.
    let report: String
    /// For texts with any number of labels.
    let thresholds: Thresholds?

    /// Abstracts whose windows are in memory at a time.
    private static let portion = 64

    /// Labels `items` by `engine` and counts the results.
    init(_ items: LabelledItems, engine: Engine) throws {
        switch items {
        case .abstracts(let abstracts):
            let matrix = try Self.matrix(abstracts, engine)
            figures = Figures(matrix, confusion: matrix.counts)
            report = "\(ClassificationReport(matrix))\n\n\(matrix)"
            thresholds = nil
        case .texts(let texts):
            var evaluation = TextEvaluation(engine.labeller)
            try evaluation.add(texts.lazy.map { (text: $0.text, labels: $0.labels) }, engine: engine)
            switch evaluation.results {
            case .oneLabel(let matrix, _):
                figures = Figures(matrix, confusion: matrix.counts)
                report = "\(ClassificationReport(matrix))\n\n\(matrix)"
                thresholds = nil
            case .anyLabels(var predictions):
                let tuned = predictions.tunedThresholds()
                predictions.thresholds = tuned
                let counts = predictions.counts
                var figures = Figures(counts)
                figures.thresholds = Dictionary(
                    zip(predictions.labels, tuned.values), uniquingKeysWith: { first, _ in first })
                self.figures = figures
                report = "\(ClassificationReport(counts))"
                thresholds = tuned
            }
        }
    }

    private static func matrix(_ abstracts: [TrainingAbstract], _ engine: Engine) throws -> ConfusionMatrix {
        let labeller = engine.labeller
        let places = Dictionary(
            zip(labeller.labels, labeller.labels.indices), uniquingKeysWith: { first, _ in first })
        var matrix = ConfusionMatrix(labels: labeller.labels)
        for start in stride(from: 0, to: abstracts.count, by: portion) {
            let part = abstracts[start..<min(start + portion, abstracts.count)]
            let prepared = try part.map { abstract in
                try labeller.prepare(Abstract(sentences: abstract.sentences.map(\.text)), headings: .ignore)
            }
            for (abstract, labelled) in zip(part, engine.label(prepared)) {
                for (truth, sentence) in zip(abstract.sentences, labelled.sentences) {
                    // The job has checked that every label is known.
                    guard let truth = places[truth.label] else { continue }
                    matrix.count(truth: truth, given: sentence.label)
                }
            }
        }
        return matrix
    }
}

extension Figures {
    fileprivate init(_ matrix: ConfusionMatrix, confusion: [[Int]]) {
        self.init(matrix)
        self.confusion = confusion
    }
}
