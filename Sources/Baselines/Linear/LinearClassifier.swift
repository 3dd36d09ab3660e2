import Checkpoint
import Kernels
import Training

/// TF-IDF features and a linear classifier: softmax over labels that exclude each other, otherwise a logistic regression
/// for each label, trained by ``AveragedDescent`` on the logarithmic loss.
struct LinearClassifier: BaselineModel {
    private let features: TextFeatures
    private let areExclusive: Bool
    /// `[columns, labels]`
    private let weights: [Float]
    private let bias: [Float]

    /// The parts of an abstract that a sentence's place is told by.
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
            // The first epoch's weights are far from all later ones.
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
                    // Each label's is a problem of its own, not a share of one.
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
        guard let best else { throw TrainingError.diverged("no epoch has a figure that is a number.") }
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
