import Text

extension AbstractReader {
    /// Reads PubMed RCT files: `###id` lines, `LABEL<TAB>sentence` lines and blank lines between abstracts.
    func readPubMedRCT(_ file: CorpusFile, into collection: inout CorpusCollection<TrainingAbstract>)
        throws(CorpusError)
    {
        var abstract: TrainingAbstract?
        var start = 0
        for line in file.lines {
            func fault(_ sentence: String) -> CorpusError {
                CorpusError(file: file.name, line: line.number, sentence)
            }
            if line.bytes.starts(with: "###".utf8) {
                if let abstract { try collection.add(abstract, line: start) }
                let id = String(decoding: line.bytes.dropFirst(3), as: UTF8.self).trimmed
                guard !id.isEmpty else {
                    throw fault("expected the abstract's id after ###, found nothing; add the id.")
                }
                abstract = TrainingAbstract(id: id, sentences: [])
                start = line.number
            } else if line.isBlank {
                if let abstract { try collection.add(abstract, line: start) }
                abstract = nil
            } else {
                guard let tab = line.bytes.firstIndex(of: UInt8(ascii: "\t")) else {
                    throw fault(
                        "expected ###id, a blank line, or a label, a tab and a sentence; found \(String(decoding: line.bytes, as: UTF8.self).excerpt) without a tab. Correct the line."
                    )
                }
                guard abstract != nil else {
                    throw fault(
                        "expected ###id before the first sentence of an abstract, found a sentence; add the ###id line."
                    )
                }
                let label = String(decoding: line.bytes[..<tab], as: UTF8.self)
                let text = String(decoding: line.bytes[(tab + 1)...], as: UTF8.self)
                abstract?.sentences.append(
                    .init(text: text, label: try labels.name(of: label, file: file.name, line: line.number)))
            }
        }
        if let abstract { try collection.add(abstract, line: start) }
    }
}
