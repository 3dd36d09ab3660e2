/// A recurrent network's sizes and how it is trained.
public struct RecurrentSettings: Sendable, Codable, Equatable {
    /// The fewest training texts a word must occur in to have a vector of its own.
    public var leastTexts = 2
    /// The most words, those of the most texts; `nil` for all.
    public var mostWords: Int? = 30_000
    /// The most words of a text that are read.
    public var longest = 256
    /// Of a word's vector.
    public var embeddingWidth = 128
    /// Of each direction's state.
    public var stateWidth = 128
    /// Passes over the texts.
    public var epochs = 4
    /// AdamW's peak learning rate.
    public var learningRate = 2e-3
    /// AdamW's weight decay, of matrices.
    public var weightDecay = 0.01
    /// The most texts of a batch.
    public var batchSize = 64
    /// The gradient's largest norm.
    public var clip = 1.0
    /// The share of words' and texts' vectors that is dropped.
    public var dropout: Float = 0.3

    /// The usual settings.
    public init() {}
}
