import Evaluation
import Experiments
import TestSupport
import Training

/// Predictions made up to have known properties.
enum SyntheticPredictions {
    /// Of two labels, every item's truth the first; whether each is right is given.
    ///
    /// - Parameters:
    ///   - system: What it is compared as.
    ///   - run: Its own name; the system's where absent.
    ///   - clusters: For each abstract whether each of its sentences is right.
    /// - Returns: A measurement of sentences.
    static func measurement(_ system: String, run: String? = nil, _ clusters: [[Bool]]) -> Measurement {
        var predictions = Predictions(labels: ["A", "B"], areExclusive: true)
        for (abstract, sentences) in clusters.enumerated() {
            for (place, isRight) in sentences.enumerated() {
                predictions.items.append(
                    Prediction(
                        id: "abstract \(abstract)", sentence: place, text: "", truth: [0], given: [isRight ? 0 : 1],
                        probabilities: isRight ? [1, 0] : [0, 1]))
            }
        }
        return Measurement(
            system: system, run: run ?? system, evaluation: ModelEvaluation(predictions), task: .sequenceLabelling)
    }

    /// Whether each of some independent items is right, of which exactly so many are.
    static func outcomes(right: Int, of count: Int, seed: UInt64) -> [Bool] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { $0 < right }.shuffled(using: &generator)
    }
}

extension Comparison {
    func figure(_ metric: String, label: String? = nil) -> Figure? {
        figures.first { $0.metric == metric && $0.label == label }
    }
}
