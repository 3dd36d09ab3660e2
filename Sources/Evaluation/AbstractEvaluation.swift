public import Labelling
import Text

/// How well abstracts are labelled, by the sentences they were given and by the ones found in their text.
public struct AbstractEvaluation: Sendable {
    /// Sentences as the corpus divides them.
    public private(set) var sentences: ConfusionMatrix
    /// Characters other than space, of sentences as the corpus divides them.
    public private(set) var characters: ConfusionMatrix
    /// Characters other than space, of sentences as found in the raw text.
    public private(set) var charactersOfRawText: ConfusionMatrix
    /// Boundaries between two sections of an abstract.
    public private(set) var boundaries = 0
    /// Those with a sentence found across them.
    public private(set) var crossedBoundaries = 0
    /// How many were added.
    public private(set) var abstracts = 0

    private let labels: [String]

    /// Nothing evaluated yet.
    public init(labels: [String]) {
        self.labels = labels
        sentences = ConfusionMatrix(labels: labels)
        characters = ConfusionMatrix(labels: labels)
        charactersOfRawText = ConfusionMatrix(labels: labels)
    }

    /// Labels abstracts both ways and counts the results.
    ///
    /// - Parameters:
    ///   - corpus: With their true labels.
    ///   - engine: Labels them.
    /// - Throws: ``CorpusError`` where the corpus has a label the checkpoint does not; an error of the labeller where
    ///   the checkpoint has another task.
    public mutating func add(_ corpus: some Sequence<CorpusAbstract>, engine: Engine) throws {
        let corpus = Array(corpus)
        let labeller = engine.labeller
        let texts = corpus.map { SourceText($0.text) }
        let given = try zip(corpus, texts).map { abstract, text in
            try labeller.prepare(Abstract(text, sentences: abstract.sentences.map(\.range)), headings: .ignore)
        }
        let raw = try corpus.map { try labeller.prepare(labeller.abstract($0.text)) }
        let results = zip(engine.label(given), engine.label(raw))
        for ((abstract, text), (given, raw)) in zip(zip(corpus, texts), results) {
            abstracts += 1
            for (truth, sentence) in zip(abstract.sentences, given.sentences) {
                sentences.count(truth: try index(of: truth.label, in: abstract), given: sentence.label)
            }
            let truth = try labelOfEachCharacter(abstract, text)
            for (labelled, into) in [(given, \Self.characters), (raw, \Self.charactersOfRawText)] {
                for sentence in labelled.sentences {
                    for position in sentence.range {
                        guard let label = truth[position] else { continue }
                        self[keyPath: into].count(truth: label, given: sentence.label)
                    }
                }
            }
            for (section, next) in zip(abstract.sections, abstract.sections.dropFirst()) {
                boundaries += 1
                if raw.sentences.contains(where: {
                    $0.range.lowerBound < section.end && $0.range.upperBound > next.start
                }) {
                    crossedBoundaries += 1
                }
            }
        }
    }

    /// The share of section boundaries with a sentence across them.
    public var crossedShare: Double { boundaries == 0 ? 0 : Double(crossedBoundaries) / Double(boundaries) }

    private func index(of label: String, in abstract: CorpusAbstract) throws -> Int {
        guard let index = labels.firstIndex(of: label) else {
            throw CorpusError(
                description:
                    "\(abstract.id) has the label \"\(label)\"; the checkpoint's labels are \(labels.joined(separator: ", "))."
            )
        }
        return index
    }

    private func labelOfEachCharacter(_ abstract: CorpusAbstract, _ text: SourceText) throws -> [Int?] {
        var labels = [Int?](repeating: nil, count: text.count)
        for section in abstract.sections {
            let label = try index(of: section.label, in: abstract)
            for position in section.range where !text.scalars[position].properties.isWhitespace {
                labels[position] = label
            }
        }
        return labels
    }
}
