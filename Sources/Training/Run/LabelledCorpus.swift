/// A corpus of either kind.
public enum LabelledCorpus: Sendable {
    /// Abstracts with a label for every sentence.
    case abstracts(TrainingCorpus<TrainingAbstract>)
    /// Texts with labels.
    case texts(TrainingCorpus<TrainingText>)

    /// What was left out of it, in words; `nil` where nothing was.
    public var omitted: String? {
        let omissions =
            switch self {
            case .abstracts(let corpus): corpus.omissions
            case .texts(let corpus): corpus.omissions
            }
        return omissions.isEmpty ? nil : "\(omissions)"
    }

    /// This corpus with more abstracts at its end, such as abstracts without labels; a corpus of texts stays as it is.
    public func adding(_ more: TrainingCorpus<TrainingAbstract>) -> LabelledCorpus {
        guard case .abstracts(var corpus) = self else { return self }
        corpus.items += more.items
        corpus.sources += more.sources
        corpus.omissions.blankTexts += more.omissions.blankTexts
        corpus.omissions.emptyAbstracts += more.omissions.emptyAbstracts
        return .abstracts(corpus)
    }

    /// The names of every label in it.
    public var labelNames: Set<String> { Set(items.labels.map(\.label)) }

    /// Such as "60 abstracts of 761 sentences".
    public var summary: String { DataRecord.Part(items, sources: []).description }

    /// Of items and labels in their order (hexadecimal).
    public var sha256: String { items.sha256 }

    /// The files it was read from.
    package var sources: [CorpusSource] {
        switch self {
        case .abstracts(let corpus): corpus.sources
        case .texts(let corpus): corpus.sources
        }
    }

    package var items: LabelledItems {
        switch self {
        case .abstracts(let corpus): .abstracts(corpus.items)
        case .texts(let corpus): .texts(corpus.items)
        }
    }
}

/// Abstracts or texts.
package enum LabelledItems: Sendable {
    case abstracts([TrainingAbstract])
    case texts([TrainingText])

    package var count: Int {
        switch self {
        case .abstracts(let abstracts): abstracts.count
        case .texts(let texts): texts.count
        }
    }

    /// The abstracts' sentences; `nil` for texts.
    var sentences: Int? {
        guard case .abstracts(let abstracts) = self else { return nil }
        return abstracts.reduce(0) { $0 + $1.sentences.count }
    }

    var sha256: String {
        switch self {
        case .abstracts(let abstracts): abstracts.sha256
        case .texts(let texts): texts.sha256
        }
    }

    /// Every label that a sentence may have, or that a text has, with what to call where it stands.
    var labels: [(label: String, place: String)] {
        switch self {
        case .abstracts(let abstracts):
            abstracts.flatMap { item in item.sentences.flatMap { $0.labels.map { ($0, item.id) } } }
        case .texts(let texts): texts.flatMap { item in item.labels.map { ($0, item.id) } }
        }
    }

    /// As a task reads them: where sentences are labelled on their own, those of abstracts.
    ///
    /// - Throws: ``TrainingError/recipe(_:)`` where they are of another kind.
    package func prepared(for task: TrainingTask) throws(TrainingError) -> LabelledItems {
        switch (task, self) {
        case (.sequenceLabelling, .abstracts), (.sentence, .texts), (.text, .texts), (.multiLabelText, .texts): self
        case (.sentence, .abstracts(let abstracts)): .texts(TrainingText.sentences(of: abstracts))
        default:
            throw TrainingError.recipe(
                "the task \(task.rawValue) learns from \(task.readsAbstracts ? "abstracts of labelled sentences" : "labelled texts"); the data are of another kind."
            )
        }
    }

    /// With numbers read as `@`.
    func maskingNumbers() -> LabelledItems {
        switch self {
        case .abstracts(let abstracts): .abstracts(abstracts.map { $0.maskingNumbers() })
        case .texts(let texts): .texts(texts.map { $0.maskingNumbers() })
        }
    }

    func sample(_ count: Int, using generator: inout SplitMix64) -> LabelledItems {
        split(count, using: &generator).drawn
    }

    func split(_ count: Int, using generator: inout SplitMix64) -> (drawn: LabelledItems, rest: LabelledItems) {
        switch self {
        case .abstracts(let abstracts):
            let (drawn, rest) = abstracts.split(count, using: &generator)
            return (.abstracts(drawn), .abstracts(rest))
        case .texts(let texts):
            let (drawn, rest) = texts.split(count, using: &generator)
            return (.texts(drawn), .texts(rest))
        }
    }
}
