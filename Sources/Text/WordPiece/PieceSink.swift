/// A receiver of the tokens that the tokenizer produces.
protocol PieceSink {
    /// Whether a token has been refused, so that tokenisation can stop.
    var isCut: Bool { get }
    /// Accepts the token for the code points from `start` up to, but not including, `end`.
    mutating func append(_ id: Int32, from start: Int, to end: Int)
}
