/// The words that have vectors of their own, and how texts become their numbers.
struct WordVocabulary: Sendable {
    /// From number 1 on; 0 is every word that is not among them.
    let words: [String]
    /// The most words of a text that are read.
    let longest: Int
    private let numbers: [String: Int]
    private static let reader = WordReader(shortest: 1)

    /// - Parameters:
    ///   - words: In the order of their numbers.
    ///   - longest: The most words of a text that are read.
    init(words: [String], longest: Int) {
        self.words = words
        self.longest = longest
        numbers = Dictionary(
            zip(words, 1...), uniquingKeysWith: { first, _ in first })
    }

    /// The words of texts, those of the most texts first.
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

    /// The rows of a table of vectors that it needs.
    var rows: Int { words.count + 1 }

    /// A text's numbers, at least one.
    func numbers(of text: String) -> [Int] {
        var found: [Int] = []
        Self.reader.forEachWord(of: text) { word in
            if found.count < longest { found.append(numbers[word] ?? 0) }
        }
        return found.isEmpty ? [0] : found
    }
}
