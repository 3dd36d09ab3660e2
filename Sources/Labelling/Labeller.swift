internal import Kernels
public import Model
public import Text

/// A checkpoint that labels: the one path from text to labels that serving, bulk labelling and training share.
///
/// It holds no scratch: an ``Engine`` runs its network.
public final class Labeller: Sendable {
    /// The network.
    public let model: LoadedModel
    /// Text to pieces.
    public let tokenizer: WordPieceTokenizer
    /// For a multi-label checkpoint.
    public let thresholds: Thresholds
    /// What it was measured on, where the checkpoint says.
    public let profile: LabellingProfile?
    private let windowing: Windowing
    private let segmenter = SentenceSegmenter()
    private let constraint: HeadingConstraint

    /// Puts a network and its tokenizer together.
    ///
    /// - Parameters:
    ///   - model: The network.
    ///   - tokenizer: Its vocabulary may not be larger than the network's word table.
    ///   - thresholds: One for each label; halves where absent.
    ///   - profile: What it was measured on.
    /// - Throws: ``LabellingError/checkpoint(_:)`` where the vocabulary does not fit.
    public init(
        model: LoadedModel, tokenizer: WordPieceTokenizer, thresholds: Thresholds? = nil,
        profile: LabellingProfile? = nil
    ) throws {
        let configuration = model.configuration
        guard tokenizer.vocabulary.count <= configuration.vocabularySize else {
            throw LabellingError.checkpoint(
                "vocab.txt has \(tokenizer.vocabulary.count) pieces, but config.json's vocab_size is \(configuration.vocabularySize): the vocabulary is another model's."
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

    /// The labels, in the order of every score.
    public var labels: [String] { model.labels }

    /// Whether this checkpoint labels sentences, of abstracts.
    public var labelsSentences: Bool { model.configuration.task != .multiLabelClassification }

    /// Whether this checkpoint labels texts as wholes.
    public var labelsTexts: Bool { model.configuration.task != .sequenceLabelling }

    /// Divides a text into sentences.
    public func abstract(_ text: String) -> Abstract {
        Abstract(text, segmenter: segmenter)
    }

    /// Tokenises an abstract into windows: the work that comes before the network.
    ///
    /// - Parameters:
    ///   - abstract: With its sentences.
    ///   - headings: Whether its headings decide.
    /// - Returns: The abstract in windows.
    /// - Throws: ``LabellingError/task(_:)`` where the checkpoint does not label sentences.
    public func prepare(_ abstract: Abstract, headings: HeadingPolicy = .use) throws -> PreparedAbstract {
        guard labelsSentences else {
            throw LabellingError.task(
                "this checkpoint gives texts any number of labels (\(labels.joined(separator: ", "))); send {\"texts\": […]}."
            )
        }
        let layout =
            model.configuration.task == .sequenceLabelling ? windowing.together(abstract) : windowing.apart(abstract)
        return PreparedAbstract(abstract: abstract, headings: headings, layout: layout)
    }

    /// Refuses to label texts as wholes where it cannot.
    ///
    /// - Throws: ``LabellingError/task(_:)`` where the checkpoint labels sentences only.
    public func checkLabelsTexts() throws {
        guard labelsTexts else {
            throw LabellingError.task(
                "this checkpoint labels the sentences of abstracts; send {\"abstract\": \"…\"}, {\"sentences\": […]} or {\"abstracts\": […]}."
            )
        }
    }

    /// Tokenises a text to be labelled as a whole.
    ///
    /// - Parameter text: The text.
    /// - Returns: The text in its window.
    /// - Throws: ``LabellingError/task(_:)`` where the checkpoint labels sentences only.
    public func prepare(text: String) throws -> PreparedText {
        try checkLabelsTexts()
        let (window, cut) = windowing.alone(SourceText(text).scalars[...])
        return PreparedText(text: text, window: window, truncated: cut)
    }

    /// Labels from emissions: the work that comes after the network.
    ///
    /// - Parameters:
    ///   - prepared: What was run.
    ///   - rows: A row of the head's output for each span of the windows, `[Σ spans][labels]`.
    /// - Returns: A label and a distribution for every sentence.
    public func decode(_ prepared: PreparedAbstract, rows: [[Double]]) -> LabelledAbstract {
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

    /// Labels from a text's logits, `[labels]`.
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
    /// What was submitted, divided into sentences.
    public let abstract: Abstract
    /// Whether its headings decide.
    public let headings: HeadingPolicy
    /// Its windows.
    public let layout: Windowing.Layout
}

/// A text in its window, ready for the network.
public struct PreparedText: Sendable {
    /// What was submitted.
    public let text: String
    /// Its window.
    public let window: Window
    /// Whether the window holds only the text's beginning.
    public let truncated: Bool
}
