import Evaluation

/// Texts as they are read from one file after the other.
struct TextCollection {
    private var texts: [TrainingText] = []
    private var omissions = CorpusOmissions()
    private var sources: [CorpusSource] = []
    /// Where each id that a file gives was first seen.
    private var places: [String: (source: Int, line: Int)] = [:]

    /// Goes on to another file.
    mutating func begin(_ source: CorpusSource) {
        sources.append(source)
    }

    /// Adds a text that begins at a line of the current file.
    mutating func add(_ text: TrainingText, line: Int, isNamed: Bool) throws(CorpusError) {
        if isNamed, let first = places.updateValue((sources.count - 1, line), forKey: text.id) {
            throw CorpusError(
                file: sources.last?.name ?? "", line: line,
                "the text's id \(text.id.excerpt) is also that of the one at line \(first.line) of \(sources[first.source].name); leave one of them out, or rename it."
            )
        }
        if text.text.isBlank {
            omissions.blankTexts += 1
        } else {
            texts.append(text)
        }
    }

    /// Everything that was read.
    consuming func corpus() throws(CorpusError) -> TrainingCorpus<TrainingText> {
        guard !texts.isEmpty else {
            throw CorpusError(
                file: sources.isEmpty ? "the corpus" : sources.map(\.name).joined(separator: ", "),
                "expected labelled texts, found none; check the path and the format.")
        }
        return TrainingCorpus(items: texts, omissions: omissions, sources: sources)
    }
}
