public import Evaluation
public import Labelling

/// The report of one finished run, as charts and as a self-contained HTML page.
public struct RunReport: Sendable {
    /// The history of one metric.
    public struct History: Sendable {
        /// The unit of `at` in a history.
        public enum Axis: String, Sendable {
            case step, epoch
        }

        /// Name of the metric as it is tracked, such as `train_loss` or `val_macro_f1`. A metric whose name contains
        /// "loss", "accuracy" or "f1" is drawn in the chart of that kind.
        public var name: String
        /// Whether the metric was measured by step or by epoch.
        public var axis: Axis
        /// Values in the order of measurement, each `at` a step or epoch.
        public var values: [(at: Int, value: Double)]

        /// Creates the history of one metric.
        public init(name: String, axis: Axis, values: [(at: Int, value: Double)]) {
            self.name = name
            self.axis = axis
            self.values = values
        }
    }

    /// A data set that the run was trained or measured on.
    public struct DataSet: Sendable {
        /// Name, for example the file name.
        public var name: String
        /// Numbers of items by kind, such as `abstracts` and `sentences`.
        public var counts: [(name: String, count: Int)]
        /// SHA-256 digest in hexadecimal.
        public var sha256: String

        /// Creates a data set from its name, counts and digest.
        public init(name: String, counts: [(name: String, count: Int)], sha256: String) {
            self.name = name
            self.counts = counts
            self.sha256 = sha256
        }
    }

    /// Name of the run.
    public var title: String
    /// One line that describes the run; may be empty.
    public var subtitle: String
    /// Predictions on the development data.
    public var development: Predictions
    /// Predictions on the test data, which influenced no decision of the run; `nil` without test data.
    public var test: Predictions?
    /// The probability from which each label is predicted, if a text may have any number of labels.
    public var thresholds: Thresholds?
    /// Histories of all metrics measured during the run.
    public var histories: [History] = []
    /// Settings of the recipe.
    public var parameters: [(name: String, value: String)] = []
    /// The data sets of the run.
    public var data: [DataSet] = []
    /// Facts about the machine and the program.
    public var environment: [(name: String, value: String)] = []

    /// Creates a report without histories, parameters, data and environment, which can be set afterwards.
    public init(title: String, subtitle: String = "", development: Predictions, test: Predictions? = nil) {
        self.title = title
        self.subtitle = subtitle
        self.development = development
        self.test = test
    }

    /// The part of a report about one data set and the predictions on it.
    struct Part {
        /// The prefix of the part's tracked metrics, `val` or `test`.
        let prefix: String
        let title: String
        let predictions: Predictions

        var scores: any LabelTally {
            predictions.areExclusive ? predictions.confusionMatrix : predictions.multiLabelCounts
        }

        /// The part's metrics; without the micro averages if labels exclude each other, as these equal the accuracy.
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
