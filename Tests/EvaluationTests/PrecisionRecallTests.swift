import Evaluation
import Testing

@Suite("Precision-recall curves")
struct PrecisionRecallTests {
    @Test("Curves and average precision equal scikit-learn's", arguments: Metrics.cases.multi)
    func fixtures(_ expected: Metrics.Multi) {
        var predictions = Predictions(labels: expected.labels, areExclusive: false)
        for (probabilities, truth) in zip(expected.probabilities, expected.truth) {
            let places = truth.indices.filter { truth[$0] }
            predictions.items.append(
                Prediction(id: "", text: "", truth: places, given: [], probabilities: probabilities))
        }
        for (label, (curve, average)) in zip(expected.curves, expected.averagePrecision).enumerated() {
            let found = predictions.precisionRecallCurve(of: label)
            #expect(isClose([found.averagePrecision], [average]), "\(expected.labels[label])")
            guard found.support > 0 else { continue }
            #expect(found.points.map(\.threshold) == curve.thresholds)
            #expect(isClose(found.points.map(\.precision), curve.precision))
            #expect(isClose(found.points.map(\.recall), curve.recall))
        }
    }

    @Test("A curve computed by hand: one of the first two items, both of the first three")
    func byHand() {
        let curve = self.curve([(0.1, false), (0.4, false), (0.35, true), (0.8, true)])
        #expect(curve.points.map(\.threshold) == [0.8, 0.4, 0.35, 0.1])
        #expect(curve.points.map(\.precision) == [1, 0.5, 2.0 / 3, 0.5])
        #expect(curve.points.map(\.recall) == [0.5, 0.5, 1, 1])
        #expect(isClose([curve.averagePrecision], [0.5 * 1 + 0.5 * 2 / 3]))
    }

    @Test("Equal probabilities form one point")
    func ties() {
        let curve = self.curve([(0.5, true), (0.5, false), (0.5, true)])
        #expect(curve.points.count == 1)
        #expect(curve.averagePrecision == 2.0 / 3)
    }

    @Test("An item with the probability NaN is never predicted and lowers the recall")
    func notANumber() {
        let curve = self.curve([(.nan, true), (0.5, true)])
        #expect(curve.points.map(\.recall) == [0.5])
        #expect(curve.averagePrecision == 0.5)
    }

    @Test("A curve without items has no points")
    func nothing() {
        #expect(curve([]).averagePrecision == 0)
        #expect(curve([(0.5, false)]).averagePrecision == 0)
    }

    private func curve(_ items: [(Double, Bool)]) -> PrecisionRecallCurve {
        PrecisionRecallCurve(items.map { (probability: $0, isTrue: $1) })
    }
}
