/// An index of terms: single words by their spelling, and word pairs by the numbers of their words.
struct TermIndex: Sendable {
    private var words: [String: Int32] = [:]
    /// The term of each single word, by the word's number; -1 for a word that occurs only in pairs.
    private var singles: [Int32] = []
    private var pairs: [UInt64: Int32] = [:]
    private let reader = WordReader(shortest: 2)

    /// Creates an empty index, to be filled with ``learnTerms(of:count:into:)``.
    init() {}

    /// Creates an index of known terms, each a word or two words with a space between; a term's number is its index.
    init(_ terms: [String]) {
        for (number, term) in terms.enumerated() {
            let parts = term.split(separator: " ", maxSplits: 1).map { word(String($0)) }
            if parts.count == 2 {
                pairs[Self.key(parts[0], parts[1])] = Int32(number)
            } else if let single = parts.first {
                singles[Int(single)] = Int32(number)
            }
        }
    }

    /// Replaces `found` by the numbers of a text's known terms, one for each occurrence.
    func terms(of text: String, into found: inout [Int32]) {
        found.removeAll(keepingCapacity: true)
        var last: Int32 = -1
        reader.forEachWord(of: text) { name in
            let word = words[name] ?? -1
            if word >= 0 {
                if singles[Int(word)] >= 0 { found.append(singles[Int(word)]) }
                if last >= 0, let pair = pairs[Self.key(last, word)] { found.append(pair) }
            }
            last = word
        }
    }

    /// Replaces `found` by the numbers of a text's terms, one for each occurrence, and gives each new term the next number.
    mutating func learnTerms(of text: String, count: inout Int32, into found: inout [Int32]) {
        found.removeAll(keepingCapacity: true)
        var last: Int32 = -1
        var names: [String] = []
        reader.forEachWord(of: text) { names.append($0) }
        for name in names {
            let word = word(name)
            if singles[Int(word)] < 0 {
                singles[Int(word)] = count
                count += 1
            }
            found.append(singles[Int(word)])
            if last >= 0 {
                let key = Self.key(last, word)
                if let pair = pairs[key] {
                    found.append(pair)
                } else {
                    pairs[key] = count
                    found.append(count)
                    count += 1
                }
            }
            last = word
        }
    }

    /// Returns the spelling of the selected terms by their numbers.
    func names(where isIncluded: (Int32) -> Bool) -> [Int32: String] {
        var spelled = [String](repeating: "", count: singles.count)
        for (name, word) in words { spelled[Int(word)] = name }
        var names: [Int32: String] = [:]
        for (word, term) in singles.enumerated() where term >= 0 && isIncluded(term) { names[term] = spelled[word] }
        for (key, term) in pairs where isIncluded(term) {
            names[term] = "\(spelled[Int(key >> 32)]) \(spelled[Int(key & 0xFFFF_FFFF)])"
        }
        return names
    }

    private mutating func word(_ name: String) -> Int32 {
        if let word = words[name] { return word }
        let word = Int32(singles.count)
        words[name] = word
        singles.append(-1)
        return word
    }

    private static func key(_ first: Int32, _ second: Int32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }
}
