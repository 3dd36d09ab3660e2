public import Corpora
public import Labelling
import Text

/// How well abstracts are labelled, by the sentences they were given and by the ones found in their text.
///
/// Authors differ in whether they call the opening of an abstract BACKGROUND or OBJECTIVE. Where an abstract has both
/// sections the author tells them apart, so those abstracts are also counted on their own; and everything can be read
/// with the two roles counted as one.
public struct AbstractEvaluation: Sendable {
    /// Every abstract.
    public private(set) var all: AbstractCounts
    /// The abstracts that have a BACKGROUND and an OBJECTIVE section.
    public private(set) var withBothSections: AbstractCounts
    /// The abstracts of at most ``shortLength`` sentences.
    public private(set) var short: AbstractCounts
    /// Boundaries between two sections of an abstract.
    public private(set) var boundaries = 0
    /// Those with a sentence of the raw text found across them.
    public private(set) var crossedBoundaries = 0

    /// What was given, by the sentences it came with, and what the model said of it.
    public private(set) var profile: LabellingProfile
    /// Every sentence as the corpus divides them.
    public private(set) var predictions: Predictions

    /// The labels, in the order of every matrix.
    public let labels: [String]
    private let places: [String: Int]
    /// The places of BACKGROUND and OBJECTIVE, where the checkpoint has both.
    private let openingRoles: Set<Int>?
    /// The most sentences of an abstract that counts as a short one.
    public static let shortLength = 7
    /// The abstracts whose windows are in memory at a time.
    private static let portion = 64

    /// Nothing evaluated yet.
    ///
    /// - Parameter labels: The checkpoint's.
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
    ///   - corpus: With their true labels.
    ///   - engine: Labels them.
    ///   - rawText: Whether to label each abstract from its raw text too, which doubles the work.
    /// - Throws: ``CorpusError`` where the corpus has a label the checkpoint does not; an error of the labeller where
    ///   the checkpoint has another task.
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

    /// The share of section boundaries with a sentence across them.
    public var crossedShare: Double { ratio(crossedBoundaries, boundaries) }

    /// Counts with BACKGROUND and OBJECTIVE as one label.
    ///
    /// - Parameter counts: ``all`` or ``withBothSections``.
    /// - Returns: The counts, or `nil` where the checkpoint has not both labels.
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

/// An abstract's true labels, as places among the checkpoint's.
private struct Truth {
    let text: SourceText
    /// The allowed labels of each sentence, `[n]`: one where the author named one, none where nothing is known.
    let sentences: [[Int]]
    /// Every label that a section has.
    let sections: Set<Int>
    /// One for each code point within a section that is no space.
    private let characters: [Int?]

    init(_ abstract: CorpusAbstract, _ places: [String: Int]) throws(CorpusError) {
        func place(_ label: String) throws(CorpusError) -> Int {
            if let place = places[label] { return place }
            let known = places.sorted { $0.value < $1.value }.map(\.key).joined(separator: ", ")
            throw CorpusError(
                description: "\(abstract.id) has the label \"\(label)\"; the checkpoint's labels are \(known).")
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
    /// Counts a sentence as the corpus divides them, whose label is one of `truth`.
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
