import Checkpoint
import FoundationEssentials
import Text

/// What a checkpoint was given and what it said of it, in counts. One of labelled data is kept in the checkpoint as
/// `profile.json`, so that a service can tell how far what it is given is from that.
public struct LabellingProfile: Sendable, Equatable, Codable {
    /// Values by range. The last count is of those beyond the last bound.
    public struct Histogram: Sendable, Equatable, Codable {
        /// Upper bounds, ascending; a value that equals one is below it.
        public let bounds: [Double]
        /// One more than bounds.
        public internal(set) var counts: [Int]

        init(_ bounds: [Double]) {
            self.bounds = bounds
            counts = [Int](repeating: 0, count: bounds.count + 1)
        }

        mutating func add(_ value: Double) {
            counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        }

        mutating func add(_ other: Histogram) {
            for index in counts.indices { counts[index] += other.counts[index] }
        }
    }

    /// The name of the file in a checkpoint's directory.
    public static let fileName = "profile.json"

    /// How many abstracts.
    public private(set) var abstracts = 0
    /// Sentences by label, `[labels]`.
    public private(set) var labels: [Int]
    /// Abstracts by their number of sentences.
    public private(set) var sentencesPerAbstract = Histogram([2, 4, 6, 8, 10, 12, 14, 17, 20, 30])
    /// Sentences by their number of pieces, `[SEP]` included.
    public private(set) var piecesPerSentence = Histogram([6, 12, 18, 24, 30, 36, 44, 54, 70, 100])
    /// Labels that the model gave, by their probability.
    public private(set) var confidence = Histogram([0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99])
    /// Pieces, special ones aside.
    public private(set) var pieces = 0
    /// Those that stand for what the vocabulary does not have.
    public private(set) var unknownPieces = 0

    enum CodingKeys: String, CodingKey {
        case abstracts, labels, confidence, pieces
        case sentencesPerAbstract = "sentences_per_abstract"
        case piecesPerSentence = "pieces_per_sentence"
        case unknownPieces = "unknown_pieces"
    }

    /// Nothing counted yet.
    ///
    /// - Parameter labels: How many labels the checkpoint has.
    public init(labels: Int) {
        self.labels = [Int](repeating: 0, count: labels)
    }

    /// Reads `profile.json`.
    ///
    /// - Parameters:
    ///   - json: The file's bytes.
    ///   - labels: How many labels the checkpoint has.
    /// - Throws: ``LabellingError/checkpoint(_:)`` where it is another kind of file, or another checkpoint's.
    public init(json: [UInt8], labels: Int) throws {
        let empty = LabellingProfile(labels: labels)
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(json)) else {
            throw LabellingError.checkpoint("profile.json is no profile as rubricator writes it; remove it.")
        }
        let parts: [KeyPath<Self, Histogram>] = [\.sentencesPerAbstract, \.piecesPerSentence, \.confidence]
        let fits =
            read.labels.count == labels
            && parts.allSatisfy { part in
                read[keyPath: part].bounds == empty[keyPath: part].bounds
                    && read[keyPath: part].counts.count == empty[keyPath: part].counts.count
            }
        let counts = read.labels + parts.flatMap { read[keyPath: $0].counts } + [read.pieces, read.unknownPieces]
        guard fits, counts.allSatisfy({ (0...1 << 50).contains($0) }) else {
            throw LabellingError.checkpoint(
                "profile.json has other labels or ranges than this checkpoint; write it anew by rubricator evaluate --profile."
            )
        }
        self = read
    }

    /// The share of pieces that stand for what the vocabulary does not have.
    public var unknownPieceRate: Double { pieces == 0 ? 0 : Double(unknownPieces) / Double(pieces) }

    /// Counts an abstract.
    ///
    /// - Parameters:
    ///   - prepared: As the network read it.
    ///   - labelled: As it was labelled.
    ///   - labeller: Whose vocabulary its pieces are of.
    public mutating func add(_ prepared: PreparedAbstract, _ labelled: LabelledAbstract, _ labeller: Labeller) {
        let unknown = labeller.tokenizer.vocabulary.unknown
        abstracts += 1
        sentencesPerAbstract.add(Double(labelled.sentences.count))
        for sentence in labelled.sentences {
            labels[sentence.label] += 1
            if sentence.source == .model { confidence.add(sentence.confidence) }
        }
        for window in prepared.layout.windows {
            for span in window.spans {
                piecesPerSentence.add(Double(span.count))
                pieces += span.count - 1
                unknownPieces += window.ids[span].count { $0 == unknown }
            }
        }
    }

    /// Counts what another has counted.
    public mutating func add(_ other: LabellingProfile) {
        abstracts += other.abstracts
        for index in labels.indices { labels[index] += other.labels[index] }
        sentencesPerAbstract.add(other.sentencesPerAbstract)
        piecesPerSentence.add(other.piecesPerSentence)
        confidence.add(other.confidence)
        pieces += other.pieces
        unknownPieces += other.unknownPieces
    }

    /// Writes a file, which takes an earlier one's place once it is complete.
    ///
    /// - Throws: `CheckpointError` where it cannot be written.
    public func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var file = try ReplacementFile(for: path)
        try file.write(Array(try encoder.encode(self)) + [UInt8(ascii: "\n")])
        try file.commit()
    }
}
