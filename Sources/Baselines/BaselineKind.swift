/// The kinds of baseline that a transformer is compared with.
public enum BaselineKind: String, Sendable, Codable, CaseIterable {
    /// A linear classifier on TF-IDF features of words and word pairs.
    case tfidfSGD = "tfidf-sgd"
    /// Gradient-boosted trees on TF-IDF features of words and word pairs.
    case boostedTrees = "boosted-trees"
    /// A bidirectional recurrent network on word embeddings.
    case gru
}
