import Corpora

/// A batch of texts, longest first, as the concatenated numbers of their words.
package struct RecurrentBatch {
    /// Indices of the texts.
    let items: [Int]
    /// Start of each text in `words`, and the end of the last one, `[S + 1]`.
    private(set) var starts = [0]
    /// Rows of the embedding table, one for each word, `[T]`.
    private(set) var words: [Int] = []
    /// The part of the abstract in which each text lies, `[S]`; empty if position is not a feature.
    private(set) var parts: [Int] = []

    package init(_ items: [Int], of texts: [RecurrentText]) {
        self.items = items
        for item in items {
            words += texts[item].words
            starts.append(words.count)
            if let part = texts[item].part { parts.append(part) }
        }
    }

    /// Range of each text in `words`.
    var spans: [Range<Int>] { zip(starts, starts.dropFirst()).map { $0..<$1 } }

    /// Divides texts into batches of similar length.
    ///
    /// - Parameters:
    ///   - order: The indices of the texts in the order of training; each section of 4,096 is sorted by length.
    ///   - texts: All texts.
    ///   - size: The largest number of texts in a batch.
    ///   - tokens: The largest number of words in a batch; a single longer text gets a batch of its own.
    /// - Returns: The indices of the texts of each batch, longest text first.
    static func plan(_ order: [Int], of texts: [RecurrentText], size: Int, tokens: Int) -> [[Int]] {
        var batches: [[Int]] = []
        for start in stride(from: 0, to: order.count, by: stretch) {
            let sorted = order[start..<min(start + stretch, order.count)].enumerated().sorted {
                (texts[$1.element].words.count, $0.offset) < (texts[$0.element].words.count, $1.offset)
            }
            var batch: [Int] = []
            var words = 0
            for (_, item) in sorted {
                let count = texts[item].words.count
                if !batch.isEmpty, batch.count == size || words + count > tokens {
                    batches.append(batch)
                    (batch, words) = ([], 0)
                }
                batch.append(item)
                words += count
            }
            if !batch.isEmpty { batches.append(batch) }
        }
        return batches
    }

    /// The number of texts that are sorted together.
    private static let stretch = 4_096
}

/// A text as input of the network.
package struct RecurrentText: Sendable {
    /// Rows of the embedding table, at least one.
    var words: [Int]
    /// The part of the abstract in which the text lies; `nil` if position is not a feature.
    var part: Int?

    package init(words: [Int], part: Int? = nil) {
        self.words = words
        self.part = part
    }

    init(_ text: TrainingText, vocabulary: WordVocabulary, parts: Int?) {
        words = vocabulary.numbers(of: text.text)
        part = parts.map { count in text.position.map { TextFeatures.part(of: $0, count: count) } ?? 0 }
    }
}
