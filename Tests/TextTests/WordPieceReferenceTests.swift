import FoundationEssentials
import TestSupport
import Testing
import Text

@Suite("WordPiece against Hugging Face's tokenizer")
struct WordPieceReferenceTests {
    @Test("agrees on awkward text with the shipped vocabulary")
    func shippedVocabulary() throws {
        let cases = try WordPieceCase.all(in: Locations.fixtures.appending(path: "reference/tokenizer_cases.jsonl"))
        #expect(cases.count == 2356)
        #expect(try mismatches(of: cases, vocabulary: .shipped()) == [])
    }

    @Test("agrees under every combination of options, with a piece for every code point")
    func everyCombination() throws {
        let cases = try WordPieceCase.all(in: Locations.fixtures.appending(path: "tokenizer/cases.jsonl"))
        #expect(cases.count == 1032)
        #expect(try mismatches(of: cases, vocabulary: .everyCodePoint()) == [])
    }

    @Test("agrees on sentences of real abstracts", .enabled(if: Locations.shared != nil))
    func corpus() throws {
        let shared = try #require(Locations.shared)
        let cases = try WordPieceCase.all(in: shared.appending(path: "reference/tokenizer_cases_corpus.jsonl"))
        #expect(cases.count == 2500)
        #expect(try mismatches(of: cases, vocabulary: .shipped()) == [])
    }

    private func mismatches(of cases: [WordPieceCase], vocabulary: Vocabulary) -> [String] {
        var tokenizers: [WordPieceTokenizer] = []
        return cases.flatMap { row in
            if let tokenizer = tokenizers.first(where: { $0.options == row.options }) {
                return row.mismatches(with: tokenizer)
            }
            let tokenizer = WordPieceTokenizer(vocabulary: vocabulary, options: row.options)
            tokenizers.append(tokenizer)
            return row.mismatches(with: tokenizer)
        }
    }
}
