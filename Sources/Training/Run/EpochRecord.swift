package import Evaluation
package import Labelling

/// How one epoch went.
public struct EpochRecord: Sendable, Codable, Equatable {
    /// From 1.
    public var epoch: Int
    /// The steps taken since the start.
    public var step: Int
    /// The mean training loss of the epoch's sentences or texts.
    public var trainingLoss: Double
    /// Seconds since the start, evaluation included.
    public var seconds: Double
    /// On the development data.
    public var development: Figures
    /// On the development data with numbers read as `@`, where the run trained on such.
    public var developmentWithMaskedNumbers: Figures?
}

/// What the labels of some sentences or texts came out as.
public struct Figures: Sendable, Codable, Equatable {
    /// Precision, recall and F1 of one label or an average.
    public struct Scores: Sendable, Codable, Equatable {
        /// Of what was given the label, the share that has it.
        public var precision: Double
        /// Of what has the label, the share that was given it.
        public var recall: Double
        /// The harmonic mean of both.
        public var f1: Double
        /// How many have the label.
        public var support: Int

        init(_ scores: LabelScores) {
            precision = scores.precision
            recall = scores.recall
            f1 = scores.f1
            support = scores.support
        }
    }

    /// Averages over a part of the items, or with some labels counted as one.
    public struct Averages: Sendable, Codable, Equatable {
        /// Of all labels' counts together.
        public var microF1: Double
        /// The plain mean over the labels.
        public var macroF1: Double

        init(_ tally: some LabelTally) {
            microF1 = tally.micro.f1
            macroF1 = tally.macro.f1
        }
    }

    /// Of all labels' counts together; where an item has one label, the accuracy.
    public var microF1: Double
    /// The plain mean over the labels.
    public var macroF1: Double
    /// The mean over the labels, weighted by how many have them.
    public var weightedF1: Double
    /// Of all labels' counts together, where an item has any number of labels.
    public var microPrecision: Double?
    /// The same.
    public var microRecall: Double?
    /// The share of items that were given exactly the labels they have, where they have any number.
    public var subsetAccuracy: Double?
    /// Each label's, by its name.
    public var labels: [String: Scores]
    /// `[true][given]`, where an item has one label.
    public var confusion: [[Int]]?
    /// The probability from which each label counts, chosen on these very items, where an item has any number of labels.
    public var thresholds: [String: Double]?

    /// Of sentences, with BACKGROUND and OBJECTIVE counted as one.
    public var openingRolesAsOne: Averages?
    /// Of the sentences of abstracts that have both a BACKGROUND and an OBJECTIVE section.
    public var withBothSections: Averages?
    /// How far confidences are from the share that is right (Guo et al. 2017), where an item has one label.
    public var expectedCalibrationError: Double?

    init(_ evaluation: AbstractEvaluation) {
        self.init(evaluation.all.sentences, evaluation.all.calibration)
        openingRolesAsOne = evaluation.mergingOpeningRoles(evaluation.all).map { Averages($0.sentences) }
        if evaluation.withBothSections.abstracts > 0 {
            withBothSections = Averages(evaluation.withBothSections.sentences)
        }
    }

    /// Of sentences or texts that were labelled as wholes.
    ///
    /// - Parameters:
    ///   - predictions: With the labels they were given.
    ///   - thresholds: Those that gave them, where they were chosen on these very items.
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

    /// The one that the best epoch is chosen by.
    public func value(of figure: Recipe.Figure) -> Double {
        switch figure {
        case .microF1: microF1
        case .macroF1: macroF1
        case .weightedF1: weightedF1
        }
    }
}
