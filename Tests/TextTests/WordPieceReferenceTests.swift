import FoundationEssentials
import TestSupport
import Testing
import Text

@Suite("WordPiece compared with Hugging Face's tokenizer")
struct WordPieceReferenceTests {
    @Test("Tokens of unusual texts agree with the shipped vocabulary")
    func shippedVocabulary() throws {
        let cases = try WordPieceCase.all(in: Locations.fixtures.appending(path: "reference/tokenizer_cases.jsonl"))
        #expect(cases.count == 2356)
        #expect(try mismatches(of: cases, vocabulary: .shipped()) == [])
    }

    @Test("Tokens agree under every combination of options, with a vocabulary of all code points")
    func everyCombination() throws {
        let cases = try WordPieceCase.all(in: Locations.fixtures.appending(path: "tokenizer/cases.jsonl"))
        #expect(cases.count == 1032)
        #expect(try mismatches(of: cases, vocabulary: .everyCodePoint()) == [])
    }

    @Test("Tokens of sentences from real abstracts agree", .enabled(if: Locations.shared != nil))
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
