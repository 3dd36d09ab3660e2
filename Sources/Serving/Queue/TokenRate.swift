/// The time that a model takes for a token on the whole machine, averaged over its most recent tokens.
struct TokenRate: Sendable {
    /// Zero until the first batch has run.
    private(set) var timePerToken = Duration.zero
    private var learntTokens = 0

    /// Updates the average with a batch.
    ///
    /// - Parameters:
    ///   - found: The time per token of the batch.
    ///   - tokens: The tokens of the batch, its weight in the average.
    ///   - limit: Tokens beyond which the past is forgotten.
    mutating func learn(_ found: Duration, tokens: Int, atMost limit: Int) {
        learntTokens = min(learntTokens + tokens, max(tokens, limit))
        timePerToken += (found - timePerToken) * (Double(tokens) / Double(learntTokens))
    }
}
