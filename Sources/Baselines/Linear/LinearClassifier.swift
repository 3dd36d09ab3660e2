import Checkpoint
import Corpora
import Kernels
import Runs

/// A linear classifier on TF-IDF features, trained with ``AveragedDescent`` on the log loss.
///
/// It has a softmax if labels exclude each other, otherwise a logistic regression for each label.
struct LinearClassifier: BaselineModel {
    private let features: TextFeatures
    private let areExclusive: Bool
    /// Weights, `[columns, labels]`.
    private let weights: [Float]
    private let bias: [Float]

    /// The number of equal parts of an abstract that represent the position of a sentence.
    private static let parts = 20

    private static func position(_ recipe: BaselineRecipe) -> TextFeatures.Position {
        recipe.positionFeature ? .parts(parts) : .none
    }

    private init(_ features: TextFeatures, areExclusive: Bool, weights: [Float], bias: [Float]) {
        self.features = features
        self.areExclusive = areExclusive
        self.weights = weights
        self.bias = bias
    }

    init(
        fitting data: BaselineData, settings: LinearSettings, recipe: BaselineRecipe,
        report: (BaselineProgress) throws -> Void
    ) throws {
        let vectorizer = TfidfVectorizer(fitting: data.learning.map(\.text), settings: settings.terms)
        let features = TextFeatures(vectorizer: vectorizer, position: Self.position(recipe))
        let (rows, measured) = (features.rows(of: data.learning), features.rows(of: data.measuring))
        let labels = data.labels.count
        var descent = AveragedDescent(
            columns: features.columns, labels: labels, rate: settings.learningRate, l2: settings.l2)
        var scores = [Double](repeating: 0, count: labels)
        var best: (model: LinearClassifier, figure: Double)?
        for epoch in 0..<settings.epochs {
            // Leave the first epoch out of the mean: its weights are far from the later ones.
            if epoch == min(1, settings.epochs - 1) { descent.beginAveraging() }
            var generator = SplitMix64(seed: recipe.seed, .order, epoch)
            var loss = 0.0
            for row in (0..<rows.count).shuffled(using: &generator) {
                descent.scores(rows, row, into: &scores)
                var outcome: (loss: Double, gradient: [Double])
                if data.areExclusive {
                    outcome = softmaxCrossEntropy(scores, target: data.targets[row][0], smoothing: 0)
                } else {
                    outcome = binaryCrossEntropy(scores, targets: (0..<labels).map { data.targets[row].contains($0) })
                    // The labels are independent problems, but the loss is their mean: undo the division.
                    for label in 0..<labels { outcome.gradient[label] *= Double(labels) }
                }
                loss += outcome.loss
                descent.step(rows, row, gradient: outcome.gradient)
            }
            let mean = descent.mean
            let model = LinearClassifier(
                features, areExclusive: data.areExclusive, weights: mean.weights, bias: mean.bias)
            let figure = data.figure(recipe.figure, of: model.probabilities(of: measured))
            if figure > best?.figure ?? -1 { best = (model, figure) }
            try report(
                BaselineProgress(
                    passes: epoch + 1, most: settings.epochs, trainingLoss: loss / Double(rows.count), figure: figure))
        }
        guard let best else {
            throw TrainingError.diverged(
                "the development metric is not a number in any epoch: training diverged. "
                    + "Lower --learning-rate and train again.")
        }
        self = best.model
    }

    init(files: BaselineFiles, settings: LinearSettings, labels: Int, recipe: BaselineRecipe) throws {
        let terms = try files.lines(BaselineFiles.terms)
        let tensors = try files.tensors()
        let vectorizer = TfidfVectorizer(
            terms: terms, inverseFrequencies: try tensors.values("inverse_frequencies", shape: [terms.count]),
            settings: settings.terms)
        features = TextFeatures(vectorizer: vectorizer, position: Self.position(recipe))
        areExclusive = recipe.task != .multiLabelText
        weights = try tensors.values("weight", shape: [features.columns, labels])
        bias = try tensors.values("bias", shape: [labels])
    }

    func write(to directory: RunDirectory) throws -> [String] {
        let terms = features.vectorizer
        try BaselineFiles.write(lines: terms.terms, to: directory)
        try BaselineFiles.write(
            [
                SafetensorsEntry(
                    name: "inverse_frequencies", shape: [terms.terms.count], values: terms.inverseFrequencies),
                SafetensorsEntry(name: "weight", shape: [features.columns, bias.count], values: weights),
                SafetensorsEntry(name: "bias", shape: [bias.count], values: bias),
            ], to: directory)
        return [BaselineFiles.terms, BaselineFiles.tensors]
    }

    func probabilities(of texts: [TrainingText], threads: Int) -> [[Double]] {
        probabilities(of: features.rows(of: texts))
    }

    private func probabilities(of rows: SparseRows) -> [[Double]] {
        let labels = bias.count
        return (0..<rows.count).map { row in
            var scores = bias.map(Double.init)
            for index in rows.range(row) {
                let (value, start) = (Double(rows.values[index]), Int(rows.places[index]) * labels)
                for label in 0..<labels { scores[label] += value * Double(weights[start + label]) }
            }
            return areExclusive ? softmax(scores) : sigmoid(scores)
        }
    }
}
