import Glibc

/// Texts as weighted counts of their terms, as scikit-learn's `TfidfVectorizer(ngram_range=(1, 2))` defines them: a term's
/// count times its inverse document frequency ln((1 + n) / (1 + d)) + 1, where d of n training texts have it, and every
/// row divided by its Euclidean norm.
public struct TfidfVectorizer: Sendable {
    /// Which terms there are and how they count.
    public let settings: TermSettings
    /// In the order of columns: by code points.
    public let terms: [String]
    /// Of each term.
    public let inverseFrequencies: [Float]
    private let index: TermIndex

    /// Learns the terms of texts.
    ///
    /// - Parameters:
    ///   - texts: A training corpus'.
    ///   - settings: Which terms to keep.
    public init(fitting texts: [String], settings: TermSettings) {
        var index = TermIndex()
        var known: Int32 = 0
        var (texted, counted, last): ([Int], [Int], [Int]) = ([], [], [])
        var found: [Int32] = []
        for (number, text) in texts.enumerated() {
            index.learnTerms(of: text, count: &known, into: &found)
            let new = Int(known) - counted.count
            if new > 0 {
                counted += repeatElement(0, count: new)
                texted += repeatElement(0, count: new)
                last += repeatElement(-1, count: new)
            }
            for term in found.map(Int.init) {
                counted[term] += 1
                if last[term] != number {
                    last[term] = number
                    texted[term] += 1
                }
            }
        }
        var kept = index.names { texted[Int($0)] >= settings.leastTexts }.map {
            (term: Int($0.key), name: Array($0.value.utf8))
        }
        // UTF-8 sorts as code points do.
        kept.sort { $0.name.lexicographicallyPrecedes($1.name) }
        if let most = settings.most, kept.count > most {
            // The sort is stable in the standard library that ships, but nothing promises it: places decide ties.
            let often = kept.indices.sorted { (counted[kept[$1].term], $0) < (counted[kept[$0].term], $1) }
            kept = often.prefix(most).sorted().map { kept[$0] }
        }
        let all = Double(texts.count)
        self.init(
            terms: kept.map { String(decoding: $0.name, as: UTF8.self) },
            inverseFrequencies: kept.map { Float(log((1 + all) / (1 + Double(texted[$0.term]))) + 1) },
            settings: settings)
    }

    /// Knows terms already.
    ///
    /// - Parameters:
    ///   - terms: In the order of columns.
    ///   - inverseFrequencies: Of each of them.
    ///   - settings: How they count.
    public init(terms: [String], inverseFrequencies: [Float], settings: TermSettings) {
        precondition(terms.count == inverseFrequencies.count)
        self.settings = settings
        self.terms = terms
        self.inverseFrequencies = inverseFrequencies
        index = TermIndex(terms)
    }

    /// A row for each text, `[texts, terms]`; empty where a text has no known term.
    public func rows(of texts: [String]) -> SparseRows {
        var rows = SparseRows(columns: terms.count)
        var found: [Int32] = []
        for text in texts {
            append(text, to: &rows, &found)
            rows.endRow()
        }
        return rows
    }

    /// Adds a text's terms to the row that is being written.
    func append(_ text: String, to rows: inout SparseRows, _ found: inout [Int32]) {
        index.terms(of: text, into: &found)
        found.sort()
        var weights: [(term: Int, weight: Double)] = []
        var start = 0
        var squares = 0.0
        while start < found.count {
            let term = found[start]
            var end = start + 1
            while end < found.count, found[end] == term { end += 1 }
            let count = Double(end - start)
            let weight = (settings.isSublinear ? 1 + log(count) : count) * Double(inverseFrequencies[Int(term)])
            weights.append((Int(term), weight))
            squares += weight * weight
            start = end
        }
        let norm = squares.squareRoot()
        for (term, weight) in weights { rows.append(Float(weight / norm), at: term) }
    }
}
