import Glibc

/// Converts texts to TF-IDF rows as scikit-learn's `TfidfVectorizer(ngram_range=(1, 2))` does.
///
/// The weight of a term is its count times its inverse document frequency ln((1 + n) / (1 + d)) + 1, where d of the n
/// training texts contain it. Each row is divided by its Euclidean norm.
public struct TfidfVectorizer: Sendable {
    /// Selection and weighting of the terms.
    public let settings: TermSettings
    /// Terms in the order of the columns, which is by code points.
    public let terms: [String]
    /// Inverse document frequency of each term.
    public let inverseFrequencies: [Float]
    private let index: TermIndex

    /// Creates a vectorizer with the terms of training texts.
    ///
    /// - Parameters:
    ///   - texts: The training texts.
    ///   - settings: The selection and weighting of the terms.
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
        // The order of UTF-8 bytes is the order of code points.
        kept.sort { $0.name.lexicographicallyPrecedes($1.name) }
        if let most = settings.most, kept.count > most {
            // Break ties by index: the sort is stable today, but the standard library does not guarantee it.
            let often = kept.indices.sorted { (counted[kept[$1].term], $0) < (counted[kept[$0].term], $1) }
            kept = often.prefix(most).sorted().map { kept[$0] }
        }
        let all = Double(texts.count)
        self.init(
            terms: kept.map { String(decoding: $0.name, as: UTF8.self) },
            inverseFrequencies: kept.map { Float(log((1 + all) / (1 + Double(texted[$0.term]))) + 1) },
            settings: settings)
    }

    /// Creates a vectorizer with known terms.
    ///
    /// - Parameters:
    ///   - terms: The terms in the order of the columns.
    ///   - inverseFrequencies: The inverse document frequency of each term.
    ///   - settings: The selection and weighting of the terms.
    public init(terms: [String], inverseFrequencies: [Float], settings: TermSettings) {
        precondition(terms.count == inverseFrequencies.count)
        self.settings = settings
        self.terms = terms
        self.inverseFrequencies = inverseFrequencies
        index = TermIndex(terms)
    }

    /// Returns a row for each text, `[texts, terms]`; the row of a text without known terms is empty.
    public func rows(of texts: [String]) -> SparseRows {
        var rows = SparseRows(columns: terms.count)
        var found: [Int32] = []
        for text in texts {
            append(text, to: &rows, &found)
            rows.endRow()
        }
        return rows
    }

    /// Appends the terms of a text to the row being written.
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
