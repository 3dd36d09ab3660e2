import Baselines
import Testing

@Suite("TF-IDF")
struct TfidfTests {
    struct Golden: Decodable {
        struct Case: Decodable, Sendable, CustomTestStringConvertible {
            struct Row: Decodable {
                let places: [Int32]
                let values: [Double]
            }
            let leastTexts: Int
            let most: Int?
            let isSublinear: Bool
            let terms: [String]
            let inverseFrequencies: [Double]
            let rows: [Row]

            var settings: TermSettings { TermSettings(leastTexts: leastTexts, most: most, isSublinear: isSublinear) }
            var testDescription: String { "\(settings)" }
        }
        let texts: [String]
        let others: [String]
        let cases: [Case]
    }

    private static let golden = Result { try BaselineFixtures.read("tfidf.json") as Golden }

    @Test(
        "Terms, inverse document frequencies and rows match scikit-learn", arguments: (try? golden.get().cases) ?? [])
    func agreement(_ expected: Golden.Case) throws {
        let golden = try Self.golden.get()
        let vectorizer = TfidfVectorizer(fitting: golden.texts, settings: expected.settings)
        #expect(vectorizer.terms == expected.terms)
        for (found, expected) in zip(vectorizer.inverseFrequencies, expected.inverseFrequencies) {
            #expect(abs(Double(found) - expected) < 1e-6)
        }
        let rows = vectorizer.rows(of: golden.texts + golden.others)
        #expect(rows.count == expected.rows.count)
        for (row, expected) in expected.rows.enumerated() {
            let range = rows.range(row)
            #expect(Array(rows.places[range]) == expected.places)
            for (found, expected) in zip(rows.values[range], expected.values) {
                #expect(abs(Double(found) - expected) < 1e-6)
            }
        }
    }

    @Test("A vectorizer created from known terms produces the same rows", arguments: [1, 2])
    func restored(leastTexts: Int) throws {
        let golden = try Self.golden.get()
        let settings = TermSettings(leastTexts: leastTexts)
        let learnt = TfidfVectorizer(fitting: golden.texts, settings: settings)
        let told = TfidfVectorizer(
            terms: learnt.terms, inverseFrequencies: learnt.inverseFrequencies, settings: settings)
        #expect(told.rows(of: golden.others) == learnt.rows(of: golden.others))
    }
}
