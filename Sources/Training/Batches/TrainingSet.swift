public import Corpora
import Evaluation
package import Labelling
public import Model
public import Runs
public import Text

/// The tokenised training data, with original and masked numbers, and their labels.
public struct TrainingSet: Sendable {
    /// The task of the network.
    public let task: TrainingTask
    /// The rule for placing texts in windows.
    let windowing: Windowing
    /// The allowed labels of each sentence, `[items][sentences]`; all labels if nothing is known. A text counts as one
    /// sentence.
    let labels: [[LabelSubset]]
    /// The mean number of times that an epoch reads each item, `[items]`.
    let weights: [Double]
    /// The label names, in the order of the head's rows.
    public let labelNames: [String]
    private let plain: PieceTable
    private let masked: PieceTable?
    private let maskPiece: Int32?
    /// The teachers' predictions, `[abstracts][sentences][labels]`, and the distillation weight.
    private var teaching: (distributions: [[[Float]]], share: Double)?
    /// The indices of BACKGROUND and OBJECTIVE, which authors use for one another; empty if the task lacks one of them.
    private let exchangeable: [Int]

    /// The number of special tokens in the window of a single text: `[CLS]` and `[SEP]`.
    private static let specialPieces = 2

    /// Tokenises abstracts whose sentences are labelled together.
    ///
    /// - Parameters:
    ///   - abstracts: The abstracts, whose labels are in `labelNames`.
    ///   - labelNames: The label names, in the order of the head's rows.
    ///   - tokenizer: The tokenizer of the base checkpoint.
    ///   - configuration: The configuration of the network to train.
    ///   - recipe: The recipe, which says whether numbers and tokens are masked.
    /// - Throws: ``TrainingError/recipe(_:)`` if the recipe masks tokens but the vocabulary has no `[MASK]`;
    ///   `CorpusError` if a label is not in `labelNames`.
    public init(
        abstracts: [TrainingAbstract], labelNames: [String], tokenizer: WordPieceTokenizer,
        configuration: Configuration, recipe: Recipe
    ) throws {
        let places = Self.places(labelNames)
        let labels = try abstracts.map { abstract in
            try abstract.sentences.map { sentence in
                guard !sentence.labels.isEmpty else { return LabelSubset.all }
                return LabelSubset(try sentence.labels.map { try Self.place(of: $0, places, in: abstract.id) })
            }
        }
        func table(_ abstracts: some Sequence<TrainingAbstract>) -> PieceTable {
            var table = PieceTable()
            for abstract in abstracts {
                for sentence in abstract.sentences {
                    table.addSentence { pieces in
                        _ = tokenizer.appendIDs(
                            of: SourceText(sentence.text).scalars[...], to: &pieces,
                            limit: configuration.sentencePieces)
                    }
                }
                table.endText()
            }
            return table
        }
        try self.init(
            task: .sequenceLabelling, plain: table(abstracts),
            masked: recipe.maskedNumbers > 0 ? table(abstracts.lazy.map { $0.maskingNumbers() }) : nil, labels: labels,
            weights: abstracts.map(\.weight), labelNames: labelNames, tokenizer: tokenizer,
            configuration: configuration, recipe: recipe)
    }

    /// Tokenises texts that are labelled as wholes.
    ///
    /// - Parameters:
    ///   - texts: The texts, whose labels are in `labelNames`. Each has one label, unless the task is
    ///     ``TrainingTask/multiLabelText``.
    ///   - labelNames: The label names, in the order of the head's rows.
    ///   - tokenizer: The tokenizer of the base checkpoint.
    ///   - configuration: The configuration of the network to train.
    ///   - recipe: The recipe, which names the task and says whether numbers and tokens are masked.
    /// - Throws: ``TrainingError/recipe(_:)`` if a text's labels do not suit the task, or if the recipe masks tokens
    ///   but the vocabulary has no `[MASK]`; `CorpusError` if a label is not in `labelNames`.
    public init(
        texts: [TrainingText], labelNames: [String], tokenizer: WordPieceTokenizer, configuration: Configuration,
        recipe: Recipe
    ) throws {
        let places = Self.places(labelNames)
        let labels = try texts.map { text in
            guard recipe.task == .multiLabelText || text.labels.count == 1 else {
                throw TrainingError.recipe(
                    "\(text.id) has \(text.labels.count) labels; expected one. For texts with any number of labels, pass --task \(TrainingTask.multiLabelText.rawValue)."
                )
            }
            return [LabelSubset(try text.labels.map { try Self.place(of: $0, places, in: text.id) })]
        }
        func table(_ texts: some Sequence<TrainingText>) -> PieceTable {
            var table = PieceTable()
            for text in texts {
                table.addSentence { pieces in
                    _ = tokenizer.appendIDs(
                        of: SourceText(text.text).scalars[...], to: &pieces,
                        limit: configuration.windowPieces - Self.specialPieces)
                }
                table.endText()
            }
            return table
        }
        try self.init(
            task: recipe.task, plain: table(texts),
            masked: recipe.maskedNumbers > 0 ? table(texts.lazy.map { $0.maskingNumbers() }) : nil, labels: labels,
            weights: texts.map { _ in 1 }, labelNames: labelNames, tokenizer: tokenizer, configuration: configuration,
            recipe: recipe)
    }

    private init(
        task: TrainingTask, plain: PieceTable, masked: PieceTable?, labels: [[LabelSubset]], weights: [Double],
        labelNames: [String],
        tokenizer: WordPieceTokenizer, configuration: Configuration, recipe: Recipe
    ) throws {
        guard recipe.maskedPieces == 0 || tokenizer.vocabulary.mask != nil else {
            throw TrainingError.recipe(
                "--masked-pieces is \(recipe.maskedPieces), but vocab.txt of the base checkpoint has no [MASK]; set --masked-pieces to 0."
            )
        }
        self.task = task
        self.plain = plain
        self.masked = masked
        self.labels = labels
        self.weights = weights
        self.labelNames = labelNames
        maskPiece = tokenizer.vocabulary.mask
        // Windows must not overlap, or the network would be trained twice on the same sentences.
        windowing = Windowing(
            tokenizer, windowPieces: configuration.windowPieces, sentencePieces: configuration.sentencePieces,
            overlapping: false)
        let roles: [Role] = [.background, .objective]
        let found = roles.compactMap { role in labelNames.firstIndex { $0.uppercased() == role.rawValue } }
        exchangeable = found.count == roles.count ? found : []
    }

    private static func places(_ names: [String]) -> [String: Int] {
        Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    }

    private static func place(of label: String, _ places: [String: Int], in id: String) throws -> Int {
        if let place = places[label] { return place }
        let known = places.sorted { $0.value < $1.value }.map(\.key)
        throw CorpusError(
            description:
                "\(id) has the label \"\(label)\"; expected one of \(known.joined(separator: ", ")). Correct the label, or add it to --labels."
        )
    }

    /// Adds the teachers' predictions for distillation.
    ///
    /// - Parameters:
    ///   - distributions: The label probabilities of every sentence, `[abstracts][sentences][labels]`.
    ///   - share: The distillation weight, 0 to 1.
    package mutating func teach(_ distributions: [[[Float]]], share: Double) {
        precondition(zip(distributions, labels).allSatisfy { $0.count == $1.count } && distributions.count == count)
        teaching = (distributions, share)
    }

    /// The number of abstracts or texts.
    public var count: Int { plain.count }

    /// Returns the number of tokens in the windows of a reading.
    package func tokens(of reading: Reading) -> Int {
        let table = table(reading)
        return windowing.tokens(ofSentences: sentences(of: reading).map { table.sentence($0, of: reading.item).count })
    }

    /// Returns the windows of a reading, with some tokens masked, and the training target.
    package func example(
        _ reading: Reading, maskedPieces: Double, exactShare: Double, generator: inout SplitMix64
    ) -> (windows: [Window], target: Target) {
        let table = table(reading)
        let kept = sentences(of: reading)
        let sentences = kept.map { index in
            var pieces = Array(table.sentence(index, of: reading.item))
            if let maskPiece, maskedPieces > 0 {
                for place in pieces.indices where generator.happens(maskedPieces) { pieces[place] = maskPiece }
            }
            return pieces
        }
        return (windowing.together(sentences), target(of: reading, kept, exactShare: exactShare))
    }

    private func target(of reading: Reading, _ kept: [Int], exactShare: Double) -> Target {
        let labels = labels[reading.item]
        switch task {
        case .sentence, .text:
            return .label(labelNames.indices.first { labels[0].contains($0) } ?? 0)
        case .multiLabelText: return .labels(labelNames.indices.map { labels[0].contains($0) })
        case .sequenceLabelling:
            // If an author uses only one of the two labels, either of them may be meant.
            let either = LabelSubset(exchangeable)
            let used = exchangeable.count { label in labels.contains { !$0.isAll && $0.contains(label) } }
            let isAmbiguous = used == 1 && exactShare < 1
            let named = kept.map { labels[$0] }
            // An abstract without any labels is trained only on the teachers' predictions.
            let share = labels.allSatisfy(\.isAll) ? 1 : teaching?.share ?? 0
            return .sequence(
                named: named,
                allowed: named.map { isAmbiguous && !$0.isAll && $0.intersects(either) ? either : $0 },
                exactShare: isAmbiguous ? exactShare : 1,
                taught: teaching.map { teaching in
                    let distributions = teaching.distributions[reading.item]
                    return TaughtLabels(distributions: kept.map { distributions[$0].map(Double.init) }, share: share)
                })
        }
    }

    private func table(_ reading: Reading) -> PieceTable {
        reading.masksNumbers ? masked ?? plain : plain
    }

    private func sentences(of reading: Reading) -> [Int] {
        reading.sentences ?? Array(0..<plain.sentenceCount(of: reading.item))
    }
}
