public import Runs
public import Corpora
import Evaluation
package import Labelling
public import Model
public import Text

/// What a network learns from: tokenised texts, each as it is and with its numbers masked, and their labels.
public struct TrainingSet: Sendable {
    /// What the network is to do.
    public let task: TrainingTask
    /// How texts are put into windows.
    let windowing: Windowing
    /// The labels of each text, places among the names: for each sentence of an abstract those that it may have, all where
    /// nothing is known; for a text that is labelled as a whole its own, as if it were one sentence.
    let labels: [[LabelSubset]]
    /// How many times an epoch reads each text, in the mean.
    let weights: [Double]
    /// The label names.
    public let labelNames: [String]
    private let plain: PieceTable
    private let masked: PieceTable?
    private let maskPiece: Int32?
    /// What a teacher thinks of each abstract's sentences, and the share of the loss that is.
    private var teaching: (distributions: [[[Float]]], share: Double)?
    /// The labels that authors use for one another: BACKGROUND and OBJECTIVE, where the task has both.
    private let exchangeable: [Int]

    /// The most pieces of a window for a text to be read alone, `[CLS]` and `[SEP]` among them.
    private static let specialPieces = 2

    /// Tokenises abstracts whose sentences are labelled together.
    ///
    /// - Parameters:
    ///   - abstracts: With labels among `labelNames`.
    ///   - labelNames: In the order of the head's rows.
    ///   - tokenizer: The base checkpoint's.
    ///   - configuration: Of the network that is trained.
    ///   - recipe: Whether numbers are masked.
    /// - Throws: ``TrainingError/recipe(_:)`` where the recipe asks for what the vocabulary lacks.
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
    ///   - texts: With labels among `labelNames`: one each, unless the recipe's task is ``TrainingTask/multiLabelText``.
    ///   - labelNames: In the order of the head's rows.
    ///   - tokenizer: The base checkpoint's.
    ///   - configuration: Of the network that is trained.
    ///   - recipe: The task, and whether numbers are masked.
    /// - Throws: ``TrainingError/recipe(_:)`` where a text's labels do not fit the task, or the recipe asks for what the
    ///   vocabulary lacks.
    public init(
        texts: [TrainingText], labelNames: [String], tokenizer: WordPieceTokenizer, configuration: Configuration,
        recipe: Recipe
    ) throws {
        let places = Self.places(labelNames)
        let labels = try texts.map { text in
            guard recipe.task == .multiLabelText || text.labels.count == 1 else {
                throw TrainingError.recipe(
                    "\(text.id) has \(text.labels.count) labels; expected one. For texts with any number of labels give --task \(TrainingTask.multiLabelText.rawValue)."
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
                "--masked-pieces is \(recipe.maskedPieces), but the base checkpoint's vocab.txt has no [MASK]; give 0.")
        }
        self.task = task
        self.plain = plain
        self.masked = masked
        self.labels = labels
        self.weights = weights
        self.labelNames = labelNames
        maskPiece = tokenizer.vocabulary.mask
        // A text that is read alone may fill the window.
        // Overlapping windows would be learnt from twice.
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
            description: "\(id) has the label \"\(label)\"; expected one of \(known.joined(separator: ", ")).")
    }

    /// Has abstracts be learnt from a teacher too.
    ///
    /// - Parameters:
    ///   - distributions: Of every sentence of every abstract, over the label names.
    ///   - share: How much of the loss they are.
    package mutating func teach(_ distributions: [[[Float]]], share: Double) {
        precondition(zip(distributions, labels).allSatisfy { $0.count == $1.count } && distributions.count == count)
        teaching = (distributions, share)
    }

    /// The abstracts or texts.
    public var count: Int { plain.count }

    /// The pieces of a reading's windows.
    package func tokens(of reading: Reading) -> Int {
        let table = table(reading)
        return windowing.tokens(ofSentences: sentences(of: reading).map { table.sentence($0, of: reading.item).count })
    }

    /// The windows of a reading, some pieces masked, and what should come out.
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
            // An author who uses only one of the two may mean either by it.
            let either = LabelSubset(exchangeable)
            let used = exchangeable.count { label in labels.contains { !$0.isAll && $0.contains(label) } }
            let isAmbiguous = used == 1 && exactShare < 1
            let named = kept.map { labels[$0] }
            // Of an abstract without any label a teacher alone can say what it should be.
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
