import Checkpoint
import Corpora
import Kernels
import Model
import Runs

/// A bidirectional recurrent network on word embeddings, trained with AdamW.
///
/// It has a softmax if labels exclude each other, otherwise a sigmoid for each label.
struct RecurrentClassifier: BaselineModel {
    private let vocabulary: WordVocabulary
    private let network: RecurrentNetwork
    private let areExclusive: Bool

    /// The number of equal parts of an abstract that represent the position of a sentence, and the largest number of words
    /// in a batch.
    private static let (parts, tokens) = (20, 6_000)
    /// The largest number of texts in a batch for prediction.
    private static let portion = 64

    init(
        fitting data: BaselineData, settings: RecurrentSettings, recipe: BaselineRecipe,
        report: (BaselineProgress) throws -> Void
    ) throws {
        guard Arithmetic.hasOpenBLAS else { throw TrainingError.missingOpenBLAS }
        vocabulary = WordVocabulary(fitting: data.learning.map(\.text), settings: settings)
        areExclusive = data.areExclusive
        let parts = recipe.positionFeature ? Self.parts : nil
        let texts = data.learning.map { [vocabulary] in RecurrentText($0, vocabulary: vocabulary, parts: parts) }
        var generator = SplitMix64(seed: recipe.seed, .head)
        network = RecurrentNetwork(
            RecurrentNetwork.Sizes(
                words: vocabulary.rows, embedding: settings.embeddingWidth, state: settings.stateWidth,
                labels: data.labels.count, parts: parts ?? 0), generator: &generator)
        let team = ThreadTeam(count: recipe.threads)
        let workspace = RecurrentWorkspace(
            network.sizes, tokens: max(Self.tokens, settings.longest), texts: max(settings.batchSize, Self.portion),
            threads: recipe.threads)
        let training = RecurrentTraining(
            network, texts: texts, data: data, settings: settings, seed: recipe.seed, tokens: Self.tokens,
            workspace: workspace, team: team)
        var best: (values: [[Float]], figure: Double)?
        for epoch in 0..<settings.epochs {
            let loss = try training.run(epoch: epoch)
            let figure = data.figure(
                recipe.figure, of: probabilities(of: data.measuring, workspace: workspace, team: team))
            if figure > best?.figure ?? -1 { best = (network.parameters.map { $0.value.values }, figure) }
            try report(
                BaselineProgress(passes: epoch + 1, most: settings.epochs, trainingLoss: loss, figure: figure))
        }
        for (parameter, values) in zip(network.parameters, best?.values ?? []) {
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
}
