import Testing
import Text

@Suite("Tokenisation of every code point")
struct UnicodeSweepTests {
    @Test("Every code point has the ids and offsets of Hugging Face's tokenizer", arguments: try UnicodeSweep.all())
    func agreesWithReference(sweep: UnicodeSweep) throws {
        let tokenizer = WordPieceTokenizer(vocabulary: try .everyCodePoint(), options: sweep.options)
        let differing = sweep.digests.indices.filter { block in
            let pieces = tokenizer.encode(UnicodeSweep.text(ofBlock: UInt32(block))[...])
            return UnicodeSweep.digest(pieces) != sweep.digests[block]
        }
        #expect(sweep.digests.count == 48)
        #expect(differing == [], "blocks of 4,096 code points that differ, numbered from 0")
    }
}
