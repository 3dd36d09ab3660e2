import Evaluation
import FoundationEssentials

extension AbstractReader {
    /// Reads JSON lines of one abstract each.
    func readCorpusAbstracts(_ content: CorpusContent, into collection: inout AbstractCollection) throws(CorpusError) {
        let abstracts: [CorpusAbstract]
        do {
            abstracts = try CorpusAbstract.read(jsonLines: Data(content.bytes), name: content.name)
        } catch {
            throw error as? CorpusError ?? CorpusError(file: content.name, "\(error).")
        }
        for (abstract, line) in zip(abstracts, content.lines.lazy.filter { !$0.isBlank }) {
            var sentences: [TrainingAbstract.Sentence] = []
            sentences.reserveCapacity(abstract.sentences.count)
            for (sentence, text) in zip(abstract.sentences, Self.sentences(of: abstract)) {
                var names: [String] = []
                for label in sentence.labels {
                    let name = try labels.name(of: label, file: content.name, line: line.number)
                    if !names.contains(name) { names.append(name) }
                }
                sentences.append(.init(text: text, labels: names))
            }
            try collection.add(TrainingAbstract(id: abstract.id, sentences: sentences), line: line.number)
        }
    }

    /// The sentences' texts. Their ranges ascend, so that one pass over the text's bytes finds them all.
    private static func sentences(of abstract: CorpusAbstract) -> [String] {
        let bytes = Array(abstract.text.utf8)
        var position = 0
        var codePoints = 0
        /// Goes on to a code point: every byte of one but its first is 10xxxxxx.
        func advance(to codePoint: Int) -> Int {
            while position < bytes.count {
                if bytes[position] & 0xC0 != 0x80 {
                    if codePoints == codePoint { break }
                    codePoints += 1
                }
                position += 1
            }
            return position
        }
        return abstract.sentences.map { sentence in
            let start = advance(to: sentence.start)
            return String(decoding: bytes[start..<advance(to: sentence.end)], as: UTF8.self)
        }
    }
}
