/// The models that a transformer must justify itself against.
public enum BaselineKind: String, Sendable, Codable, CaseIterable {
    /// TF-IDF of words and pairs of words, and a linear classifier.
    case tfidfSGD = "tfidf-sgd"
    /// The same features, and gradient boosted trees.
    case boostedTrees = "boosted-trees"
    /// Word embeddings and a bidirectional recurrent network.
    case gru
}
