public import Evaluation
public import Labelling

/// What is told of one finished run: as charts, and as a page that needs nothing but itself.
public struct RunReport: Sendable {
    /// How one figure went.
    public struct History: Sendable {
        /// What it was measured by.
        public enum Axis: String, Sendable {
            case step, epoch
        }

        /// The tracker's name for it, such as `train_loss` or `val_macro_f1`: one with "loss" in it is a loss, and so on
        /// with "accuracy" and "f1".
        public var name: String
        /// What it was measured by.
        public var axis: Axis
        /// In the order they were measured.
        public var values: [(at: Int, value: Double)]

        /// A figure's values.
        public init(name: String, axis: Axis, values: [(at: Int, value: Double)]) {
            self.name = name
            self.axis = axis
            self.values = values
        }
    }

    /// What a run learnt from or was measured on.
    public struct DataSet: Sendable {
        /// Its file's, say.
        public var name: String
        /// How many there are of what, such as `abstracts` and `sentences`.
        public var counts: [(name: String, count: Int)]
        /// In hexadecimal.
        public var sha256: String

        /// Data by name, counts and digest.
        public init(name: String, counts: [(name: String, count: Int)], sha256: String) {
            self.name = name
            self.counts = counts
            self.sha256 = sha256
        }
    }

    /// The run's name.
    public var title: String
    /// A line on what it is.
    public var subtitle: String
    /// What every label is given on the data that the run was measured on.
    public var development: Predictions
    /// The same of data that decided nothing.
    public var test: Predictions?
    /// From which probability each label counts, where a text has any number of labels.
    public var thresholds: Thresholds?
    /// Every figure that was measured along the way.
    public var histories: [History] = []
    /// The recipe.
    public var parameters: [(name: String, value: String)] = []
    /// What went in.
    public var data: [DataSet] = []
    /// The machine and the program.
    public var environment: [(name: String, value: String)] = []

    /// A report to be filled.
    public init(title: String, subtitle: String = "", development: Predictions, test: Predictions? = nil) {
        self.title = title
        self.subtitle = subtitle
        self.development = development
        self.test = test
    }

    /// One kind of data and what was predicted of it.
    struct Part {
        /// As a tracker's figures begin.
        let prefix: String
        let title: String
        let predictions: Predictions

        var scores: any LabelTally {
            predictions.areExclusive ? predictions.confusionMatrix : predictions.multiLabelCounts
        }

        /// Accuracy and every average that says more than it.
        var figures: [(name: String, value: Double)] {
            guard predictions.areExclusive else { return predictions.multiLabelCounts.figures }
            return predictions.confusionMatrix.figures.filter { !$0.name.hasPrefix("micro_") }
        }
    }

    var parts: [Part] {
        [Part(prefix: "val", title: "Development data", predictions: development)]
            + (test.map { [Part(prefix: "test", title: "Test data", predictions: $0)] } ?? [])
    }
}
