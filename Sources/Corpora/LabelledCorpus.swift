/// A corpus of labelled abstracts or of labelled texts.
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
    public var summary: String {
        items.sentences.map { "\(items.count) abstracts of \($0) sentences" } ?? "\(items.count) texts"
    }

    /// SHA-256 of the items and labels in their order, in hexadecimal.
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

/// Labelled abstracts or labelled texts.
package enum LabelledItems: Sendable {
    case abstracts([TrainingAbstract])
    case texts([TrainingText])

    package var count: Int {
        switch self {
        case .abstracts(let abstracts): abstracts.count
        case .texts(let texts): texts.count
        }
    }

    /// The number of the abstracts' sentences; `nil` for texts.
    package var sentences: Int? {
        guard case .abstracts(let abstracts) = self else { return nil }
        return abstracts.reduce(0) { $0 + $1.sentences.count }
    }

    /// SHA-256 of the items and labels in their order, in hexadecimal.
    package var sha256: String {
        switch self {
        case .abstracts(let abstracts): abstracts.sha256
        case .texts(let texts): texts.sha256
        }
    }

    /// Every label that a sentence may have, or that a text has, with the id of its abstract or text.
    package var labels: [(label: String, place: String)] {
        switch self {
        case .abstracts(let abstracts):
            abstracts.flatMap { item in item.sentences.flatMap { $0.labels.map { ($0, item.id) } } }
        case .texts(let texts): texts.flatMap { item in item.labels.map { ($0, item.id) } }
        }
    }

    /// The items with every number replaced by `@`.
    package func maskingNumbers() -> LabelledItems {
        switch self {
        case .abstracts(let abstracts): .abstracts(abstracts.map { $0.maskingNumbers() })
        case .texts(let texts): .texts(texts.map { $0.maskingNumbers() })
        }
    }

    /// So many items drawn without replacement, in their order.
    package func sample(_ count: Int, using generator: inout SplitMix64) -> LabelledItems {
        split(count, using: &generator).drawn
    }

    /// So many items drawn without replacement, and the rest, both in their order.
    package func split(_ count: Int, using generator: inout SplitMix64) -> (drawn: LabelledItems, rest: LabelledItems) {
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
