/// What was read from the files of a corpus.
public struct TrainingCorpus<Item: Sendable>: Sendable {
    /// Abstracts or texts, in the order of the files.
    public var items: [Item]
    /// What was left out.
    public var omissions: CorpusOmissions
    /// The files, for a model card to name.
    public var sources: [CorpusSource]

    package init(items: [Item], omissions: CorpusOmissions, sources: [CorpusSource]) {
        self.items = items
        self.omissions = omissions
        self.sources = sources
    }
}
