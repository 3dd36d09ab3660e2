/// The target of one text.
public enum Target: Sendable, Equatable {
    /// Label sets for the sentences of a text, optionally with a teacher's distributions. The loss is described at
    /// ``ConditionalRandomField/loss(emissions:named:allowed:exactShare:taught:)``.
    case sequence(named: [LabelSubset], allowed: [LabelSubset], exactShare: Double, taught: TaughtLabels? = nil)
    /// One label for the text; the loss is softmax cross-entropy.
    case label(Int)
    /// One truth value per label for the text; the loss is the binary cross-entropy of a sigmoid per label.
    case labels([Bool])

    /// Number of items over which the loss is averaged: the sentences of a sequence, otherwise 1.
    public var items: Int {
        if case .sequence(let named, _, _, _) = self { named.count } else { 1 }
    }
}

/// The packed windows of several texts, with a target for each text.
public struct TrainingBatch: Sendable {
    /// All windows of all texts, in order.
    public private(set) var batch = Batch()
    /// Rows of each sentence in the batch, including its `[SEP]`, `[S]`.
    public private(set) var spans: [Range<Int>] = []
    /// Target of each text.
    public private(set) var targets: [Target] = []
    /// Number of items over which the loss is averaged: sentences, or texts.
    public private(set) var items = 0

    /// Creates an empty batch.
    public init() {}

    /// Number of tokens in all windows, T.
    public var tokens: Int { batch.tokens }

    /// Adds one text.
    ///
    /// - Parameters:
    ///   - windows: The text's windows: vocabulary ids, and the rows of each sentence within the window. A text whose
    ///     target is not a sequence has one window.
    ///   - target: The target. For a sequence, it has as many label sets as the windows have sentences.
    public mutating func append(_ windows: [(ids: [Int32], spans: [Range<Int>])], target: Target) {
        for window in windows {
            let start = batch.tokens
            batch.append(window.ids)
            spans += window.spans.map { $0.lowerBound + start..<$0.upperBound + start }
        }
        targets.append(target)
        items += target.items
    }
}

/// The dropout rates at the places where BERT uses dropout.
public struct DropoutRates: Sendable, Equatable, Codable {
    /// Rate after the embeddings and after both sublayers of each layer (`hidden_dropout_prob`).
    public var hidden: Float
    /// Rate of the attention probabilities (`attention_probs_dropout_prob`).
    public var attention: Float
    /// Rate before the classifier (`classifier_dropout`).
    public var head: Float

    /// Creates a set of rates, each from 0 to below 1.
    ///
    /// - Parameters:
    ///   - hidden: Rate after the embeddings and after both sublayers of each layer.
    ///   - attention: Rate of the attention probabilities.
    ///   - head: Rate before the classifier.
    public init(hidden: Float, attention: Float, head: Float) {
        self.hidden = hidden
        self.attention = attention
        self.head = head
    }

    /// No dropout, as in inference.
    public static let none = DropoutRates(hidden: 0, attention: 0, head: 0)
}
