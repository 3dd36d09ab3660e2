/// What one text should come out as.
public enum Target: Sendable, Equatable {
    /// A label for each sentence: the CRF's likelihood of `named` and of `allowed` labels, mixed by `exactShare`, and perhaps a
    /// teacher's distributions (``ConditionalRandomField/loss(emissions:named:allowed:exactShare:taught:)``).
    case sequence(named: [LabelSubset], allowed: [LabelSubset], exactShare: Double, taught: TaughtLabels? = nil)
    /// One label for the text: softmax and cross-entropy.
    case label(Int)
    /// Any of the labels for the text: a sigmoid and binary cross-entropy for each.
    case labels([Bool])

    /// What a loss is averaged over: sentences, or texts.
    public var items: Int {
        if case .sequence(let named, _, _, _) = self { named.count } else { 1 }
    }
}

/// The windows of several texts, packed, with what each text should come out as.
public struct TrainingBatch: Sendable {
    /// Every window of every text, in order.
    public private(set) var batch = Batch()
    /// The sentences' rows in the batch, `[S]`, their `[SEP]`s included.
    public private(set) var spans: [Range<Int>] = []
    /// Of each text.
    public private(set) var targets: [Target] = []
    /// What the loss is averaged over: sentences, or texts.
    public private(set) var items = 0

    /// An empty batch.
    public init() {}

    /// T, the pieces of all windows.
    public var tokens: Int { batch.tokens }

    /// Adds one text.
    ///
    /// - Parameters:
    ///   - windows: Its windows: pieces, and the rows of each sentence in them; one window where the target is not a sequence.
    ///   - target: As many labels as there are sentences, where it is a sequence.
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

/// The share of values that dropout zeroes at each of the places where BERT has it.
public struct DropoutRates: Sendable, Equatable, Codable {
    /// After the embeddings and after both sublayers of every layer (`hidden_dropout_prob`).
    public var hidden: Float
    /// On the attention probabilities (`attention_probs_dropout_prob`).
    public var attention: Float
    /// Before the label head (`classifier_dropout`).
    public var head: Float

    /// Each from 0 to below 1.
    public init(hidden: Float, attention: Float, head: Float) {
        self.hidden = hidden
        self.attention = attention
        self.head = head
    }

    /// As for inference.
    public static let none = DropoutRates(hidden: 0, attention: 0, head: 0)
}
