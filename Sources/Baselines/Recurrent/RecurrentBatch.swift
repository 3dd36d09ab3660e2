import Training

/// Texts that are read together, the longest first, as their words' numbers one after another.
package struct RecurrentBatch {
    /// Which texts.
    let items: [Int]
    /// Where each begins, and where the last one ends, `[S + 1]`.
    private(set) var starts = [0]
    /// Rows of the word table, `[T]`.
    private(set) var words: [Int] = []
    /// The part of its abstract that each text lies in, where that is told, `[S]`.
    private(set) var parts: [Int] = []

    package init(_ items: [Int], of texts: [RecurrentText]) {
        self.items = items
        for item in items {
            words += texts[item].words
            starts.append(words.count)
            if let part = texts[item].part { parts.append(part) }
        }
    }

    /// The spans of the texts' rows.
    var spans: [Range<Int>] { zip(starts, starts.dropFirst()).map { $0..<$1 } }

    /// Puts texts of like length together.
    ///
    /// - Parameters:
    ///   - order: The texts, as they are to be met with; those of a stretch are sorted by length.
    ///   - texts: All of them.
    ///   - size: The most texts of a batch.
    ///   - tokens: The most words of a batch, which one text alone may exceed.
    /// - Returns: The items of every batch, the longest first.
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

    /// The texts that are sorted together.
    private static let stretch = 4_096
}

/// A text as the network reads it.
package struct RecurrentText: Sendable {
    /// Rows of the word table, at least one.
    var words: [Int]
    /// The part of the abstract that it stands in.
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
