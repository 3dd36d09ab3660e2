import Evaluation
import Experiments
import Runs
import TestSupport
import Training

/// Invented predictions with known properties.
enum SyntheticPredictions {
    /// Returns a measurement with two labels, of which the first is the true label of every sentence.
    ///
    /// - Parameters:
    ///   - system: The name of the system.
    ///   - run: The name of the run; by default that of the system.
    ///   - clusters: For each abstract, whether each of its sentences is labelled correctly.
    /// - Returns: The measurement.
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

    /// Returns `count` outcomes in random order, of which exactly `right` are `true`.
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
