internal import Kernels
public import Model
public import Text

/// A loaded checkpoint with its tokenizer: the path from text to labels that serving, bulk labelling and training
/// share.
///
/// A labeller has no working memory. An ``Engine`` runs its network.
public final class Labeller: Sendable {
    /// The network.
    public let model: LoadedModel
    /// The tokenizer of the checkpoint.
    public let tokenizer: WordPieceTokenizer
    /// The decision thresholds of the labels, used only by a multi-label checkpoint.
    public let thresholds: Thresholds
    /// The profile of the data that the checkpoint was evaluated on, or `nil` if it has no `profile.json`.
    public let profile: LabellingProfile?
    private let windowing: Windowing
    private let segmenter = SentenceSegmenter()
    private let constraint: HeadingConstraint

    /// Combines a network and its tokenizer.
    ///
    /// - Parameters:
    ///   - model: The network.
    ///   - tokenizer: A tokenizer whose vocabulary is not larger than the network's word embedding table.
    ///   - thresholds: The threshold of each label; 0.5 for every label if `nil`.
    ///   - profile: The profile of the data that the checkpoint was evaluated on.
    /// - Throws: ``LabellingError/checkpoint(_:)`` if the vocabulary is too large for the network.
    public init(
        model: LoadedModel, tokenizer: WordPieceTokenizer, thresholds: Thresholds? = nil,
        profile: LabellingProfile? = nil
    ) throws {
        let configuration = model.configuration
        guard tokenizer.vocabulary.count <= configuration.vocabularySize else {
            throw LabellingError.checkpoint(
                "vocab.txt has \(tokenizer.vocabulary.count) tokens, but vocab_size in config.json is \(configuration.vocabularySize); use the vocab.txt that belongs to this model."
            )
        }
        self.model = model
        self.tokenizer = tokenizer
        self.profile = profile
        self.thresholds = thresholds ?? Thresholds(count: model.labels.count)
        windowing = Windowing(
            tokenizer, windowPieces: configuration.windowPieces, sentencePieces: configuration.sentencePieces,
            overlapping: configuration.windowsOverlap)
        constraint = HeadingConstraint(labels: model.labels)
    }

    /// The label names. Scores are in the same order.
    public var labels: [String] { model.labels }

    /// Whether this checkpoint can label the sentences of abstracts.
    public var labelsSentences: Bool { model.configuration.task != .multiLabelClassification }

    /// Whether this checkpoint can label whole texts.
    public var labelsTexts: Bool { model.configuration.task != .sequenceLabelling }

    /// Splits a text into sentences and recognises its inline headings.
    public func abstract(_ text: String) -> Abstract {
        Abstract(text, segmenter: segmenter)
    }

    /// Splits a text into sentences, and stops early if there are too many or if the work is cancelled.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - limit: The number of sentences after which the rest of the text is ignored.
    ///   - check: Called after every few thousand code points, so that the caller can cancel the work by an error.
    /// - Returns: The abstract; with more than `limit` sentences if the text has more.
    /// - Throws: What `check` throws.
    public func abstract<Failure: Error>(
        _ text: String, atMost limit: Int, check: () throws(Failure) -> Void
    ) throws(Failure) -> Abstract {
        let source = SourceText(text)
        return Abstract(source, segments: try segmenter.segment(source, atMost: limit, check: check))
    }

    /// Tokenises an abstract into windows, ready for the network.
    ///
    /// - Parameters:
    ///   - abstract: The abstract with its sentences.
    ///   - headings: Whether the abstract's headings restrict its labels.
    /// - Returns: The abstract in windows.
    /// - Throws: ``LabellingError/task(_:)`` if the checkpoint does not label sentences.
    public func prepare(_ abstract: Abstract, headings: HeadingPolicy = .use) throws -> PreparedAbstract {
        try prepare(abstract, headings: headings) {}
    }

    /// Tokenises an abstract into windows, ready for the network.
    ///
    /// - Parameters:
    ///   - abstract: The abstract with its sentences.
    ///   - headings: Whether the abstract's headings restrict its labels.
    ///   - check: Called before every sentence, so that the caller can cancel the work by an error.
    /// - Returns: The abstract in windows.
    /// - Throws: ``LabellingError/task(_:)`` if the checkpoint does not label sentences, and what `check` throws.
    public func prepare(
        _ abstract: Abstract, headings: HeadingPolicy = .use, check: () throws -> Void
    ) throws -> PreparedAbstract {
        guard labelsSentences else {
            throw LabellingError.task(
                "this checkpoint assigns any number of labels to whole texts (\(labels.joined(separator: ", "))); send {\"texts\": […]}."
            )
        }
        let layout =
            model.configuration.task == .sequenceLabelling
            ? try windowing.together(abstract, check: check) : try windowing.apart(abstract, check: check)
        return PreparedAbstract(abstract: abstract, headings: headings, layout: layout)
    }

    /// Checks that the checkpoint can label whole texts.
    ///
    /// - Throws: ``LabellingError/task(_:)`` if the checkpoint labels only sentences.
    public func checkLabelsTexts() throws {
        guard labelsTexts else {
            throw LabellingError.task(
                "this checkpoint labels the sentences of abstracts; send {\"abstract\": \"…\"}, {\"sentences\": […]} or {\"abstracts\": […]}."
            )
        }
    }

    /// Tokenises a text that is labelled as a whole.
    ///
    /// - Parameter text: The text.
    /// - Returns: The text in its window.
    /// - Throws: ``LabellingError/task(_:)`` if the checkpoint labels only sentences.
    public func prepare(text: String) throws -> PreparedText {
        try checkLabelsTexts()
        let (window, cut) = windowing.alone(SourceText(text).scalars[...])
        return PreparedText(text: text, window: window, truncated: cut)
    }

    /// Computes the labels of an abstract from the network's output.
    ///
    /// - Parameters:
    ///   - prepared: The abstract that the network read.
    ///   - rows: The head's output for each span of the windows, `[Σ spans][labels]`.
    /// - Returns: The predicted label and the label probabilities of every sentence.
    public func decode(_ prepared: PreparedAbstract, rows: Slice<LogitRows>) -> LabelledAbstract {
        let emissions = prepared.layout.sentenceRows(rows)
        let sentences = prepared.abstract.sentences
        let allowed =
            prepared.headings == .use
            ? constraint.allowed(sentences) : [HeadingConstraint.Allowed](repeating: .all, count: sentences.count)
        let temperature = model.configuration.temperature
        let (chosen, scores): ([Int], [[Double]])
        switch model {
        case .sequenceLabeller(let model):
            chosen = model.decoder.viterbi(emissions: emissions, allowed: allowed.map(\.labels))
            scores =
                model.decoder.marginals(
                    emissions: emissions, allowed: allowed.map(\.labels), temperature: temperature
                ).marginals
        case .sequenceClassifier:
            scores = zip(emissions, allowed).map { row, allowed in
                softmax(row.enumerated().map { allowed.labels.contains($0) ? $1 / temperature : -.infinity })
            }
            chosen = scores.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
        }
        return LabelledAbstract(
            text: prepared.abstract.text,
            sentences: sentences.indices.map { index in
                LabelledAbstract.Sentence(
                    range: sentences[index].range, label: chosen[index], scores: scores[index],
                    source: allowed[index].decided ? .heading : .model, heading: sentences[index].heading?.range,
                    truncated: prepared.layout.truncated.contains(index))
            })
    }

    /// Computes the labels of a text from its logits, `[labels]`.
    public func decode(_ prepared: PreparedText, logits: [Double]) -> LabelledText {
        let multiple = model.configuration.task == .multiLabelClassification
        let scores = multiple ? sigmoid(logits) : softmax(logits.map { $0 / model.configuration.temperature })
        let given =
            multiple
            ? scores.indices.filter { scores[$0] >= thresholds.values[$0] }
            : scores.indices.max { scores[$0] < scores[$1] }.map { [$0] } ?? []
        return LabelledText(input: prepared.text, scores: scores, labels: given, truncated: prepared.truncated)
    }
}

/// An abstract in windows, ready for the network.
public struct PreparedAbstract: Sendable {
    /// The abstract with its sentences.
    public let abstract: Abstract
    /// Whether the abstract's headings restrict its labels.
    public let headings: HeadingPolicy
    /// The windows of the abstract, and which sentences were truncated.
    public let layout: Windowing.Layout
}

/// A text in its window, ready for the network.
public struct PreparedText: Sendable {
    /// The text as it was submitted.
    public let text: String
    /// The window with the text's tokens.
    public let window: Window
    /// Whether the text was too long, so that the window holds only its beginning.
    public let truncated: Bool
}
