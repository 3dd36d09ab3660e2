/// Sizes of a recurrent network and settings for its training.
public struct RecurrentSettings: Sendable, Codable, Equatable {
    /// The smallest number of training texts in which a word must occur to have an embedding.
    public var leastTexts = 2
    /// The largest number of words with an embedding, keeping those in the most texts; `nil` for all.
    public var mostWords: Int? = 30_000
    /// The largest number of words that are read of a text.
    public var longest = 256
    /// Width of a word embedding.
    public var embeddingWidth = 128
    /// Width of the state of each direction.
    public var stateWidth = 128
    /// Number of passes over the texts.
    public var epochs = 4
    /// Peak learning rate of AdamW.
    public var learningRate = 2e-3
    /// Weight decay of AdamW for matrices.
    public var weightDecay = 0.01
    /// The largest number of texts in a batch.
    public var batchSize = 64
    /// The norm to which gradients are clipped.
    public var clip = 1.0
    /// Dropout probability for word embeddings and pooled text vectors.
    public var dropout: Float = 0.3

    /// Creates the default settings.
    public init() {}
}
