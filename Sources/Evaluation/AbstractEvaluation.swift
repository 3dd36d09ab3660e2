public import Corpora
public import Labelling
import Text

/// An evaluation of labelled abstracts, with the sentences of the corpus and with those found in the raw text.
///
/// Authors differ in whether they call the opening of an abstract BACKGROUND or OBJECTIVE. An abstract with both
/// sections shows the author's distinction, so these abstracts are also counted separately. All counts are also
/// available with the two labels merged into one.
public struct AbstractEvaluation: Sendable {
    /// The counts of all abstracts.
    public private(set) var all: AbstractCounts
    /// The counts of abstracts with both a BACKGROUND and an OBJECTIVE section.
    public private(set) var withBothSections: AbstractCounts
    /// The counts of abstracts with at most ``shortLength`` sentences.
    public private(set) var short: AbstractCounts
    /// The number of boundaries between two sections of an abstract.
    public private(set) var boundaries = 0
    /// The number of boundaries that lie inside a sentence found in the raw text.
    public private(set) var crossedBoundaries = 0

    /// The profile of the abstracts and of their predicted labels, for the sentences of the corpus.
    public private(set) var profile: LabellingProfile
    /// The predictions for every sentence of the corpus that has one true label.
    public private(set) var predictions: Predictions

    /// The label names, in the order of every matrix.
    public let labels: [String]
    private let places: [String: Int]
    /// The indices of BACKGROUND and OBJECTIVE, if the checkpoint has both.
    private let openingRoles: Set<Int>?
    /// The largest number of sentences in a short abstract.
    public static let shortLength = 7
    /// The number of abstracts whose windows are in memory at the same time.
    private static let portion = 64

    /// Creates an evaluation without abstracts.
    ///
    /// - Parameter labels: The label names of the checkpoint.
    public init(labels: [String]) {
        self.labels = labels
        places = Dictionary(zip(labels, labels.indices), uniquingKeysWith: { first, _ in first })
        profile = LabellingProfile(labels: labels.count)
        predictions = Predictions(labels: labels, areExclusive: true)
        all = AbstractCounts(labels: labels)
        withBothSections = AbstractCounts(labels: labels)
        short = AbstractCounts(labels: labels)
        func place(_ role: Role) -> Int? { labels.firstIndex { $0.uppercased() == role.rawValue } }
        openingRoles = place(.background).flatMap { background in place(.objective).map { [background, $0] } }
    }

    /// Labels abstracts and counts the results.
    ///
    /// - Parameters:
    ///   - corpus: The abstracts with their true labels.
    ///   - engine: The engine that labels them.
    ///   - rawText: Whether to label each abstract from its raw text as well, which doubles the work.
    /// - Throws: ``CorpusError`` if the corpus has a label that the checkpoint lacks; an error of the labeller if the
    ///   checkpoint has another task.
    public mutating func add(
        _ corpus: some Sequence<CorpusAbstract>, engine: Engine, rawText: Bool = true
    ) throws {
        var portion: [CorpusAbstract] = []
        for abstract in corpus {
            portion.append(abstract)
            if portion.count == Self.portion {
                try addPortion(portion, engine, rawText: rawText)
                portion.removeAll(keepingCapacity: true)
            }
        }
        try addPortion(portion, engine, rawText: rawText)
    }

    /// The fraction of section boundaries that lie inside a sentence found in the raw text, 0 to 1.
    public var crossedShare: Double { ratio(crossedBoundaries, boundaries) }

    /// Returns counts with BACKGROUND and OBJECTIVE merged into one label.
    ///
    /// - Parameter counts: The counts ``all``, ``withBothSections`` or ``short``.
    /// - Returns: The merged counts, or `nil` if the checkpoint lacks one of the labels.
    public func mergingOpeningRoles(_ counts: AbstractCounts) -> AbstractCounts? {
        openingRoles.map { counts.merging($0, as: $0.sorted().map { labels[$0] }.joined(separator: "+")) }
    }

    private mutating func addPortion(_ corpus: [CorpusAbstract], _ engine: Engine, rawText: Bool) throws {
        let labeller = engine.labeller
        let truths = try corpus.map { try Truth($0, places) }
        let prepared = try zip(corpus, truths).map { abstract, truth in
            try labeller.prepare(
                Abstract(truth.text, sentences: abstract.sentences.map(\.range)), headings: .ignore)
        }
        let given = engine.label(prepared)
        for (prepared, given) in zip(prepared, given) { profile.add(prepared, given, labeller) }
        let raw = rawText ? engine.label(try corpus.map { try labeller.prepare(labeller.abstract($0.text)) }) : []
        for index in corpus.indices {
            let truth = truths[index]
            for (place, sentence) in given[index].sentences.enumerated() where truth.sentences[place].count == 1 {
                predictions.items.append(
                    Prediction(
                        id: corpus[index].id, sentence: place, text: truth.text.string(in: sentence.range),
                        truth: truth.sentences[place], given: [sentence.label], probabilities: sentence.scores))
            }
            var parts = [\Self.all]
            if let openingRoles, truth.sections.isSuperset(of: openingRoles) { parts.append(\.withBothSections) }
            if truth.sentences.count <= Self.shortLength { parts.append(\.short) }
            for part in parts {
                self[keyPath: part].abstracts += 1
                for (truth, sentence) in zip(truth.sentences, given[index].sentences) {
                    self[keyPath: part].count(sentence, truth: truth)
                }
                truth.countCharacters(given[index], into: &self[keyPath: part].characters)
                if rawText { truth.countCharacters(raw[index], into: &self[keyPath: part].charactersOfRawText) }
            }
            if rawText { countBoundaries(corpus[index], raw[index]) }
        }
    }

    private mutating func countBoundaries(_ abstract: CorpusAbstract, _ raw: LabelledAbstract) {
        var next = 0
        for (section, following) in zip(abstract.sections, abstract.sections.dropFirst()) {
            boundaries += 1
            while next < raw.sentences.count, raw.sentences[next].range.upperBound <= following.start { next += 1 }
            if next < raw.sentences.count, raw.sentences[next].range.lowerBound < section.end { crossedBoundaries += 1 }
        }
    }
}

/// The true labels of an abstract, as indices into the checkpoint's labels.
private struct Truth {
    let text: SourceText
    /// The allowed labels of each sentence, `[sentences]`: one if the author's heading means one, none if the label is
    /// unknown.
    let sentences: [[Int]]
    /// The labels of all sections with a single label.
    let sections: Set<Int>
    /// The label of each code point, `[code points]`; `nil` for whitespace and outside sections with a single label.
    private let characters: [Int?]

    init(_ abstract: CorpusAbstract, _ places: [String: Int]) throws(CorpusError) {
        func place(_ label: String) throws(CorpusError) -> Int {
            if let place = places[label] { return place }
            let known = places.sorted { $0.value < $1.value }.map(\.key).joined(separator: ", ")
            throw CorpusError(
                description:
                    "the abstract \(abstract.id) has the label \"\(label)\", but the labels of the checkpoint are \(known). Correct the label, or use another checkpoint."
            )
        }
        text = SourceText(abstract.text)
        func allowed(_ labels: [String]) throws(CorpusError) -> [Int] {
            var found: [Int] = []
            for label in labels { found.append(try place(label)) }
            return found
        }
        var sentences: [[Int]] = []
        for sentence in abstract.sentences { sentences.append(try allowed(sentence.labels)) }
        self.sentences = sentences
        var characters = [Int?](repeating: nil, count: text.count)
        var sections: Set<Int> = []
        for section in abstract.sections {
            let labels = try allowed(section.labels)
            guard let label = labels.first, labels.count == 1 else { continue }
            sections.insert(label)
            for position in section.range where !text.scalars[position].properties.isWhitespace {
                characters[position] = label
            }
        }
        self.characters = characters
        self.sections = sections
    }

    func countCharacters(_ labelled: LabelledAbstract, into matrix: inout ConfusionMatrix) {
        for sentence in labelled.sentences {
            for position in sentence.range {
                if let label = characters[position] { matrix.count(truth: label, given: sentence.label) }
            }
        }
    }
}

extension AbstractCounts {
    /// Counts a sentence of the corpus whose true label is one of `truth`.
    fileprivate mutating func count(_ sentence: LabelledAbstract.Sentence, truth: [Int]) {
        switch truth.count {
        case 0: break
        case 1:
            sentences.count(truth: truth[0], given: sentence.label)
            calibration.add(confidence: sentence.confidence, isRight: sentence.label == truth[0])
        default:
            severalAllowed.sentences += 1
            severalAllowed.right += truth.contains(sentence.label) ? 1 : 0
        }
    }
}
