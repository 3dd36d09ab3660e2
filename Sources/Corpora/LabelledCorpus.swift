/// A corpus of labelled abstracts or of labelled texts.
public enum LabelledCorpus: Sendable {
    /// Abstracts with a label for every sentence.
    case abstracts(TrainingCorpus<TrainingAbstract>)
    /// Texts with labels.
    case texts(TrainingCorpus<TrainingText>)

    /// A clause that says what was skipped while reading; `nil` if nothing was.
    public var omitted: String? {
        let omissions =
            switch self {
            case .abstracts(let corpus): corpus.omissions
            case .texts(let corpus): corpus.omissions
            }
        return omissions.isEmpty ? nil : "\(omissions)"
    }

    /// Returns the corpus with more abstracts at its end, such as abstracts without labels. A corpus of texts is
    /// returned unchanged.
    public func adding(_ more: TrainingCorpus<TrainingAbstract>) -> LabelledCorpus {
        guard case .abstracts(var corpus) = self else { return self }
        corpus.items += more.items
        corpus.sources += more.sources
        corpus.omissions.blankTexts += more.omissions.blankTexts
        corpus.omissions.emptyAbstracts += more.omissions.emptyAbstracts
        return .abstracts(corpus)
    }

    /// The names of all labels in the corpus.
    public var labelNames: Set<String> { Set(items.labels.map(\.label)) }

    /// A phrase such as "60 abstracts with 761 sentences".
    public var summary: String {
        LabelledItems.summary(count: items.count, sentences: items.sentences)
    }

    /// The SHA-256 digest of the items and labels in order, in hexadecimal.
    public var sha256: String { items.sha256 }

    /// The files of the corpus.
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
    /// Returns a phrase such as "60 abstracts with 761 sentences", or "60 texts" if there is no number of sentences.
    package static func summary(count: Int, sentences: Int?) -> String {
        sentences.map { "\(count) abstracts with \($0) sentences" } ?? "\(count) texts"
    }

    case abstracts([TrainingAbstract])
    case texts([TrainingText])

    package var count: Int {
        switch self {
        case .abstracts(let abstracts): abstracts.count
        case .texts(let texts): texts.count
        }
    }

    /// The total number of sentences; `nil` for texts.
    package var sentences: Int? {
        guard case .abstracts(let abstracts) = self else { return nil }
        return abstracts.reduce(0) { $0 + $1.sentences.count }
    }

    /// The SHA-256 digest of the items and labels in order, in hexadecimal.
    package var sha256: String {
        switch self {
        case .abstracts(let abstracts): abstracts.sha256
        case .texts(let texts): texts.sha256
        }
    }

    /// Every label of a text or possible label of a sentence, with the id of its text or abstract.
    package var labels: [(label: String, place: String)] {
        switch self {
        case .abstracts(let abstracts):
            abstracts.flatMap { item in item.sentences.flatMap { $0.labels.map { ($0, item.id) } } }
        case .texts(let texts): texts.flatMap { item in item.labels.map { ($0, item.id) } }
        }
    }

    /// Returns the items with every number replaced by `@`.
    package func maskingNumbers() -> LabelledItems {
        switch self {
        case .abstracts(let abstracts): .abstracts(abstracts.map { $0.maskingNumbers() })
        case .texts(let texts): .texts(texts.map { $0.maskingNumbers() })
        }
    }

    /// Returns `count` items drawn without replacement, in their original order.
    package func sample(_ count: Int, using generator: inout SplitMix64) -> LabelledItems {
        split(count, using: &generator).drawn
    }

    /// Returns `count` items drawn without replacement, and the rest, both in their original order.
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
