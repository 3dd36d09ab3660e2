import Labelling
import Text

extension AbstractReader {
    /// Reads JSON lines with one unlabelled text each. As when abstracts are labelled, a heading such as `METHODS:` is
    /// not part of its sentence.
    func readUnlabelled(_ file: CorpusFile, into collection: inout CorpusCollection<TrainingAbstract>)
        throws(CorpusError)
    {
        var rows = JSONRows(
            file,
            columns: [
                CorpusColumn(columns.text, else: ["text", "abstract"], purpose: "the text", option: "--text-column"),
                CorpusColumn(
                    columns.abstract, else: ["id", "pmid"], purpose: "the abstract's id", option: "--id-column",
                    isRequired: false),
            ])
        while let row = try rows.next() {
            guard case .one(let text) = row.cells[0] else {
                throw CorpusError(
                    file: file.name, line: row.line, "expected one text, found a list; write one abstract per line.")
            }
            var id = collection.name(ofLine: row.line)
            if case .one(let found) = row.cells[1] { id = found }
            let abstract = Abstract(text)
            let sentences = abstract.sentences.map { sentence in
                TrainingAbstract.Sentence(text: abstract.text.string(in: sentence.body), labels: [])
            }
            try collection.add(TrainingAbstract(id: id, sentences: sentences), line: row.line)
        }
    }
}
