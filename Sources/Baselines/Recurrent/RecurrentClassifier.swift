import Checkpoint
import Kernels
import Model
import Training

/// Word vectors and a bidirectional recurrent network, trained by AdamW: softmax over labels that exclude each other, otherwise
/// each label's own probability.
struct RecurrentClassifier: BaselineModel {
    private let vocabulary: WordVocabulary
    private let network: RecurrentNetwork
    private let areExclusive: Bool

    /// The parts of an abstract that a sentence's place is told by, and the most words of a batch.
    private static let (parts, tokens) = (20, 6_000)
    /// Texts that are labelled together.
    private static let portion = 64
    private static let warmUp = 0.1

    init(
        fitting data: BaselineData, settings: RecurrentSettings, recipe: BaselineRecipe,
        report: (BaselineProgress) -> Void
    ) throws {
        guard Arithmetic.hasOpenBLAS else {
            throw TrainingError.recipe(
                "training needs OpenBLAS, and libopenblas.so.0 is not installed. Install it (Debian: libopenblas0).")
        }
        let vocabulary = WordVocabulary(fitting: data.learning.map(\.text), settings: settings)
        let parts = recipe.positionFeature ? Self.parts : nil
        let texts = data.learning.map { RecurrentText($0, vocabulary: vocabulary, parts: parts) }
        var drawing = SplitMix64(seed: recipe.seed, .head)
        let network = RecurrentNetwork(
            RecurrentNetwork.Sizes(
                words: vocabulary.rows, embedding: settings.embeddingWidth, state: settings.stateWidth,
                labels: data.labels.count, parts: parts ?? 0), generator: &drawing)
        let parameters = network.parameters
        let optimiser = Optimiser(
            parameters,
            groups: parameters.map {
                Optimiser.Group(rate: settings.learningRate, decay: $0.isDecayed ? settings.weightDecay : 0)
            }, clip: settings.clip)
        let team = ThreadTeam(count: recipe.threads)
        let workspace = RecurrentWorkspace(
            network.sizes, tokens: max(Self.tokens, settings.longest), texts: max(settings.batchSize, Self.portion),
            threads: recipe.threads)
        let plans = (0..<settings.epochs).map { epoch in
            var order = SplitMix64(seed: recipe.seed, .order, epoch)
            var packing = SplitMix64(seed: recipe.seed, .packing, epoch)
            return RecurrentBatch.plan(
                texts.indices.shuffled(using: &order), of: texts, size: settings.batchSize, tokens: Self.tokens
            ).shuffled(using: &packing)
        }
        let schedule = LearningRateSchedule(steps: plans.reduce(0) { $0 + $1.count }, warmUp: Self.warmUp)
        self.vocabulary = vocabulary
        self.network = network
        areExclusive = data.areExclusive
        var best: (values: [[Float]], figure: Double)?
        var step = 0
        for (epoch, plan) in plans.enumerated() {
            var loss = 0.0
            for items in plan {
                var generator = SplitMix64(seed: recipe.seed, .dropout, step)
                let dropout = RecurrentDropout(
                    words: Dropout(probability: settings.dropout, key: generator.next()),
                    texts: Dropout(probability: settings.dropout, key: generator.next()))
                let batch = RecurrentBatch(items, of: texts)
                network.forward(batch, dropout, workspace, team: team)
                loss += setGradient(of: workspace, targets: items.map { data.targets[$0] })
                guard loss.isFinite else {
                    throw TrainingError.diverged(
                        "the loss is \(loss) at step \(step + 1): the run diverged. Lower --learning-rate and train again."
                    )
                }
                network.backward(batch, dropout, workspace, team: team)
                let norm = optimiser.step(step, factor: schedule.factor(at: step), team: team)
                guard norm.isFinite else {
                    throw TrainingError.diverged(
                        "the gradient's norm is \(norm) at step \(step + 1): the run diverged. Lower --learning-rate and train again."
                    )
                }
                step += 1
            }
            let figure = data.figure(
                recipe.figure, of: probabilities(of: data.measuring, workspace: workspace, team: team))
            if figure > best?.figure ?? -1 { best = (parameters.map { $0.value.values }, figure) }
            report(
                BaselineProgress(
                    passes: epoch + 1, most: settings.epochs, trainingLoss: loss / Double(texts.count), figure: figure))
        }
        for (parameter, values) in zip(parameters, best?.values ?? []) {
            parameter.value.assign(Matrix(rows: parameter.value.rows, columns: parameter.value.columns, values))
        }
    }

    init(files: BaselineFiles, settings: RecurrentSettings, labels: Int, recipe: BaselineRecipe) throws {
        vocabulary = WordVocabulary(words: try files.lines(BaselineFiles.terms), longest: settings.longest)
        let tensors = try files.tensors()
        let sizes = RecurrentNetwork.Sizes(
            words: vocabulary.rows, embedding: settings.embeddingWidth, state: settings.stateWidth, labels: labels,
            parts: recipe.positionFeature ? Self.parts : 0)
        network = try RecurrentNetwork(sizes) { names, shape in
            try names.flatMap { try tensors.values($0, shape: shape) }
        }
        areExclusive = recipe.task != .multiLabelText
    }

    func write(to directory: RunDirectory) throws -> [String] {
        try BaselineFiles.write(lines: vocabulary.words, to: directory)
        try BaselineFiles.write(
            network.parameters.flatMap { parameter in
                let (values, size) = (parameter.value.values, parameter.shape.reduce(1, *))
                return parameter.tensors.enumerated().map { index, name in
                    SafetensorsEntry(
                        name: name, shape: parameter.shape, values: Array(values[index * size..<(index + 1) * size]))
                }
            }, to: directory)
        return [BaselineFiles.terms, BaselineFiles.tensors]
    }

    func probabilities(of texts: [TrainingText], threads: Int) -> [[Double]] {
        let workspace = RecurrentWorkspace(
            network.sizes, tokens: max(Self.tokens, vocabulary.longest), texts: Self.portion, threads: threads)
        return probabilities(of: texts, workspace: workspace, team: ThreadTeam(count: threads))
    }

    private func probabilities(
        of texts: [TrainingText], workspace: RecurrentWorkspace, team: ThreadTeam
    ) -> [[Double]] {
        let parts = network.sizes.parts > 0 ? network.sizes.parts : nil
        let read = texts.map { RecurrentText($0, vocabulary: vocabulary, parts: parts) }
        var probabilities = [[Double]](repeating: [], count: texts.count)
        for items in RecurrentBatch.plan(Array(read.indices), of: read, size: Self.portion, tokens: Self.tokens) {
            network.forward(RecurrentBatch(items, of: read), .none, workspace, team: team)
            for (row, item) in items.enumerated() {
                let logits = workspace.logits.row(row).map(Double.init)
                probabilities[item] = areExclusive ? softmax(logits) : sigmoid(logits)
            }
        }
        return probabilities
    }

    /// Σ loss over a batch's texts; leaves the gradient of their mean by the logits in the workspace.
    private func setGradient(of workspace: RecurrentWorkspace, targets: [[Int]]) -> Double {
        workspace.logitsGradient.resize(rows: targets.count)
        var total = 0.0
        for (row, target) in targets.enumerated() {
            let logits = workspace.logits.row(row).map(Double.init)
            let (loss, gradient) =
                areExclusive
                ? softmaxCrossEntropy(logits, target: target[0], smoothing: 0)
                : binaryCrossEntropy(logits, targets: logits.indices.map { target.contains($0) })
            total += loss
            for (column, value) in gradient.enumerated() {
                workspace.logitsGradient[row, column] = Float(value / Double(targets.count))
            }
        }
        return total
    }
}
