package import Labelling

/// The classification figures of a set of sentences or texts, as records keep them.
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

    /// Averages over a part of the items, or with two labels counted as one.
    public struct Averages: Sendable, Codable, Equatable {
        /// Micro F1: from the counts of all labels together.
        public var microF1: Double
        /// Macro F1: the mean of the labels' F1.
        public var macroF1: Double

        init(_ tally: some LabelTally) {
            microF1 = tally.micro.f1
            macroF1 = tally.macro.f1
        }
    }

    /// Micro F1: from the counts of all labels together. It equals the accuracy where an item has one label.
    public var microF1: Double
    /// Macro F1: the mean of the labels' F1.
    public var macroF1: Double
    /// Weighted F1: the mean of the labels' F1, weighted by support.
    public var weightedF1: Double
    /// Micro precision, where an item may have any number of labels.
    public var microPrecision: Double?
    /// Micro recall, where an item may have any number of labels.
    public var microRecall: Double?
    /// The fraction of items whose predicted labels are exactly the true ones, where an item may have any number.
    public var subsetAccuracy: Double?
    /// The scores of each label, by its name.
    public var labels: [String: Scores]
    /// The confusion matrix, `[true][predicted]`, where an item has one label.
    public var confusion: [[Int]]?
    /// The threshold of each label, tuned on these very items, where an item may have any number of labels.
    public var thresholds: [String: Double]?

    /// Averages over sentences with BACKGROUND and OBJECTIVE counted as one label.
    public var openingRolesAsOne: Averages?
    /// Averages over the sentences of abstracts that have both a BACKGROUND and an OBJECTIVE section.
    public var withBothSections: Averages?
    /// The expected calibration error of the confidences (Guo et al. 2017), where an item has one label.
    public var expectedCalibrationError: Double?

    /// The figures of labelled abstracts.
    package init(_ evaluation: AbstractEvaluation) {
        self.init(evaluation.all.sentences, evaluation.all.calibration)
        openingRolesAsOne = evaluation.mergingOpeningRoles(evaluation.all).map { Averages($0.sentences) }
        if evaluation.withBothSections.abstracts > 0 {
            withBothSections = Averages(evaluation.withBothSections.sentences)
        }
    }

    /// The figures of sentences or texts that were classified as wholes.
    ///
    /// - Parameters:
    ///   - predictions: The true and predicted labels.
    ///   - thresholds: The thresholds behind the predictions, where they were tuned on these very items.
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

    /// The figure that chooses the best epoch.
    public func value(of figure: SelectionFigure) -> Double {
        switch figure {
        case .microF1: microF1
        case .macroF1: macroF1
        case .weightedF1: weightedF1
        }
    }
}
