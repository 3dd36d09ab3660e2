import Evaluation
import RunTracking
import Testing
import Tracking
import Training

@Suite("Tracked metrics")
struct FiguresTests {
    private func metrics(_ truth: [[Int]], _ given: [[Int]], areExclusive: Bool) -> [String: Double] {
        let items = zip(truth, given).map {
            Prediction(id: "", text: "", truth: $0, given: $1, probabilities: [0.5, 0.5])
        }
        let figures = Figures(Predictions(labels: ["a", "b"], areExclusive: areExclusive, items: items))
        return Dictionary(figures.metrics("val").map { ($0.key, $0.value) }) { $1 }
    }

    @Test("Texts with any number of labels have subset accuracy, micro precision and micro recall")
    func anyLabels() {
        let metrics = metrics([[0], [0, 1], [], [1]], [[0], [0], [1], [1]], areExclusive: false)
        #expect(metrics["val_subset_accuracy"] == 0.5 && metrics["val_accuracy"] == nil)
        #expect(metrics["val_micro_precision"] == 0.75 && metrics["val_micro_recall"] == 0.75)
    }

    @Test("Texts with one label have the accuracy, which equals all micro averages")
    func oneLabel() {
        let metrics = metrics([[0], [1]], [[0], [0]], areExclusive: true)
        #expect(metrics["val_accuracy"] == 0.5 && metrics["val_micro_f1"] == 0.5)
        #expect(metrics["val_subset_accuracy"] == nil && metrics["val_micro_precision"] == nil)
    }
}
