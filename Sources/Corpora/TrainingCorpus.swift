/// The items read from the files of a corpus.
public struct TrainingCorpus<Item: Sendable>: Sendable {
    /// The abstracts or texts, in the order of the files.
    public var items: [Item]
    /// The number of skipped items.
    public var omissions: CorpusOmissions
    /// The files, as a model card lists them.
    public var sources: [CorpusSource]

    package init(items: [Item], omissions: CorpusOmissions, sources: [CorpusSource]) {
        self.items = items
        self.omissions = omissions
        self.sources = sources
    }
}
