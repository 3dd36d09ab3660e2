/// The words that have an embedding, and the conversion of texts to word numbers.
struct WordVocabulary: Sendable {
    /// Words in the order of their numbers, from 1; number 0 stands for all other words.
    let words: [String]
    /// The largest number of words that are read of a text.
    let longest: Int
    private let numbers: [String: Int]
    private static let reader = WordReader(shortest: 1)

    /// Creates a vocabulary from known words.
    ///
    /// - Parameters:
    ///   - words: The words in the order of their numbers.
    ///   - longest: The largest number of words that are read of a text.
    init(words: [String], longest: Int) {
        self.words = words
        self.longest = longest
        numbers = Dictionary(
            zip(words, 1...), uniquingKeysWith: { first, _ in first })
    }

    /// Creates a vocabulary from training texts, in descending order of the number of texts that contain each word.
    init(fitting texts: [String], settings: RecurrentSettings) {
        var counts: [String: (texts: Int, last: Int)] = [:]
        for (number, text) in texts.enumerated() {
            Self.reader.forEachWord(of: text) { word in
                let before = counts[word] ?? (0, -1)
                if before.last != number { counts[word] = (before.texts + 1, number) }
            }
        }
        let kept = counts.filter { $0.value.texts >= settings.leastTexts }
            .map { (word: $0.key, texts: $0.value.texts, name: Array($0.key.utf8)) }
            .sorted { $0.texts != $1.texts ? $0.texts > $1.texts : $0.name.lexicographicallyPrecedes($1.name) }
        self.init(words: kept.prefix(settings.mostWords ?? .max).map(\.word), longest: settings.longest)
    }

    /// The number of rows of the embedding table.
    var rows: Int { words.count + 1 }

    /// Returns the numbers of a text's words, at least one.
    func numbers(of text: String) -> [Int] {
        var found: [Int] = []
        Self.reader.forEachWord(of: text) { word in
            if found.count < longest { found.append(numbers[word] ?? 0) }
        }
        return found.isEmpty ? [0] : found
    }
}
