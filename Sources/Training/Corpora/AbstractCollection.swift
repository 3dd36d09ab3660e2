import Evaluation

/// Abstracts as they are read from one file after the other.
struct AbstractCollection {
    private var abstracts: [TrainingAbstract] = []
    private var omissions = CorpusOmissions()
    private var sources: [CorpusSource] = []
    /// Where each id was first seen.
    private var places: [String: (source: Int, line: Int)] = [:]

    /// Goes on to another file.
    mutating func begin(_ source: CorpusSource) {
        sources.append(source)
    }

    /// What to call an abstract without an id that begins at a line of the current file.
    func name(ofLine line: Int) -> String { "\(sources.last?.name.lastPathComponent ?? "")#\(line)" }

    /// Adds an abstract that begins at a line of the current file.
    mutating func add(_ abstract: TrainingAbstract, line: Int) throws(CorpusError) {
        let file = sources.last?.name ?? ""
        if let first = places.updateValue((sources.count - 1, line), forKey: abstract.id) {
            throw CorpusError(
                file: file, line: line,
                "the abstract's id \(abstract.id.excerpt) is also that of the one at line \(first.line) of \(sources[first.source].name); leave one of them out, or rename it."
            )
        }
        var abstract = abstract
        abstract.weight = sources.last?.weight ?? 1
        let count = abstract.sentences.count
        abstract.sentences.removeAll(where: \.text.isBlank)
        omissions.blankTexts += count - abstract.sentences.count
        if abstract.sentences.isEmpty {
            omissions.emptyAbstracts += 1
        } else {
            abstracts.append(abstract)
        }
    }

    /// Everything that was read.
    consuming func corpus() throws(CorpusError) -> TrainingCorpus<TrainingAbstract> {
        guard !abstracts.isEmpty else {
            throw CorpusError(
                file: sources.isEmpty ? "the corpus" : sources.map(\.name).joined(separator: ", "),
                "expected abstracts, found none; check the path and the format.")
        }
        return TrainingCorpus(items: abstracts, omissions: omissions, sources: sources)
    }
}
