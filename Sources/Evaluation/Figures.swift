package import Labelling

/// The classification metrics of a set of sentences or texts, as records store them.
public struct Figures: Sendable, Codable, Equatable {
    /// Precision, recall and F1 of one label or an average.
    public struct Scores: Sendable, Codable, Equatable {
        /// The fraction of the items with this predicted label that truly have it.
        public var precision: Double
        /// The fraction of the items with this true label that were predicted to have it.
        public var recall: Double
        /// The harmonic mean of precision and recall.
        public var f1: Double
        /// The number of items with this true label.
        public var support: Int

        init(_ scores: LabelScores) {
            precision = scores.precision
            recall = scores.recall
            f1 = scores.f1
            support = scores.support
        }
    }

    /// Averages over a part of the items, or with two labels merged.
    public struct Averages: Sendable, Codable, Equatable {
        /// Micro F1, computed from the counts of all labels together.
        public var microF1: Double
        /// Macro F1, the mean of the labels' F1 values.
        public var macroF1: Double

        init(_ tally: some LabelTally) {
            microF1 = tally.micro.f1
            macroF1 = tally.macro.f1
        }
    }

    /// Micro F1, computed from the counts of all labels together. It equals the accuracy if every item has one label.
    public var microF1: Double
    /// Macro F1, the mean of the labels' F1 values.
    public var macroF1: Double
    /// Weighted F1, the mean of the labels' F1 values, weighted by support.
    public var weightedF1: Double
    /// Micro precision; `nil` if every item has one label.
    public var microPrecision: Double?
    /// Micro recall; `nil` if every item has one label.
    public var microRecall: Double?
    /// The fraction of items whose predicted labels are exactly the true ones; `nil` if every item has one label.
    public var subsetAccuracy: Double?
    /// The scores of each label, by its name.
    public var labels: [String: Scores]
    /// The confusion matrix, `[true][predicted]`; `nil` if an item may have any number of labels.
    public var confusion: [[Int]]?
    /// The threshold of each label, tuned on these same items; `nil` if none were tuned.
    public var thresholds: [String: Double]?

    /// Averages over sentences with BACKGROUND and OBJECTIVE merged into one label.
    public var openingRolesAsOne: Averages?
    /// Averages over the sentences of abstracts with both a BACKGROUND and an OBJECTIVE section.
    public var withBothSections: Averages?
    /// The expected calibration error of the confidences (Guo et al. 2017); `nil` if an item may have any number of
    /// labels.
    public var expectedCalibrationError: Double?

    /// Creates the metrics of labelled abstracts.
    package init(_ evaluation: AbstractEvaluation) {
        self.init(evaluation.all.sentences, evaluation.all.calibration)
        openingRolesAsOne = evaluation.mergingOpeningRoles(evaluation.all).map { Averages($0.sentences) }
        if evaluation.withBothSections.abstracts > 0 {
            withBothSections = Averages(evaluation.withBothSections.sentences)
        }
    }

    /// Creates the metrics of sentences or texts that were classified one by one.
    ///
    /// - Parameters:
    ///   - predictions: The true and predicted labels.
    ///   - thresholds: The thresholds of the predictions, if they were tuned on these same items.
    package init(_ predictions: Predictions, thresholds: Thresholds? = nil) {
        guard !predictions.areExclusive else {
            self.init(predictions.confusionMatrix, predictions.calibration)
            return
        }
        let counts = predictions.multiLabelCounts
        self.init(counts)
        microPrecision = counts.micro.precision
        microRecall = counts.micro.recall
        subsetAccuracy = counts.subsetAccuracy
        self.thresholds = thresholds.map {
            Dictionary(zip(predictions.labels, $0.values), uniquingKeysWith: { first, _ in first })
        }
    }

    init(_ matrix: ConfusionMatrix, _ calibration: Calibration) {
        self.init(matrix)
        confusion = matrix.counts
        expectedCalibrationError = calibration.expectedError
    }

    init(_ tally: some LabelTally) {
        microF1 = tally.micro.f1
        macroF1 = tally.macro.f1
        weightedF1 = tally.weighted.f1
        labels = Dictionary(
            zip(tally.labels, tally.labelCounts.map { Scores($0.scores) }), uniquingKeysWith: { first, _ in first })
    }

    /// Returns the metric by which the best epoch is selected.
    public func value(of figure: SelectionFigure) -> Double {
        switch figure {
        case .microF1: microF1
        case .macroF1: macroF1
        case .weightedF1: weightedF1
        }
    }
}
