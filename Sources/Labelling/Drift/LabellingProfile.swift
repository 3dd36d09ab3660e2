import Checkpoint
import FoundationEssentials
import Text

/// Counts that describe the abstracts given to a checkpoint and the labels it predicted.
///
/// A checkpoint stores the profile of labelled data as `profile.json`, so that a service can measure how far its
/// current input has drifted from those data.
public struct LabellingProfile: Sendable, Equatable, Codable {
    /// The number of values in each range. The last count is for values above the last bound.
    public struct Histogram: Sendable, Equatable, Codable {
        /// The inclusive upper bounds of the ranges, ascending.
        public let bounds: [Double]
        /// The number of values in each range: one more count than bounds.
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

    /// The name of the profile file in a checkpoint directory.
    public static let fileName = "profile.json"

    /// The number of abstracts.
    public private(set) var abstracts = 0
    /// The number of sentences with each label, `[labels]`.
    public private(set) var labels: [Int]
    /// The distribution of the number of sentences in an abstract.
    public private(set) var sentencesPerAbstract = Histogram([2, 4, 6, 8, 10, 12, 14, 17, 20, 30])
    /// The distribution of the number of tokens in a sentence, including `[SEP]`.
    public private(set) var piecesPerSentence = Histogram([6, 12, 18, 24, 30, 36, 44, 54, 70, 100])
    /// The distribution of the confidences of labels that the model chose, not a heading.
    public private(set) var confidence = Histogram([0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99])
    /// The number of tokens without special tokens.
    public private(set) var pieces = 0
    /// The number of `[UNK]` tokens.
    public private(set) var unknownPieces = 0

    enum CodingKeys: String, CodingKey {
        case abstracts, labels, confidence, pieces
        case sentencesPerAbstract = "sentences_per_abstract"
        case piecesPerSentence = "pieces_per_sentence"
        case unknownPieces = "unknown_pieces"
    }

    /// Creates an empty profile.
    ///
    /// - Parameter labels: The number of labels of the checkpoint.
    public init(labels: Int) {
        self.labels = [Int](repeating: 0, count: labels)
    }

    /// Reads a `profile.json` file.
    ///
    /// - Parameters:
    ///   - json: The bytes of the file.
    ///   - labels: The number of labels of the checkpoint.
    /// - Throws: ``LabellingError/checkpoint(_:)`` if the file is not a profile or belongs to another checkpoint.
    public init(json: [UInt8], labels: Int) throws {
        let empty = LabellingProfile(labels: labels)
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(json)) else {
            throw LabellingError.checkpoint("profile.json is not a profile that rubricator wrote; remove the file.")
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
                "profile.json has other labels or ranges than this checkpoint; write it again with rubricator evaluate --profile."
            )
        }
        self = read
    }

    /// The share of `[UNK]` among all tokens, 0 to 1.
    public var unknownPieceRate: Double { pieces == 0 ? 0 : Double(unknownPieces) / Double(pieces) }

    /// Adds an abstract to the counts.
    ///
    /// - Parameters:
    ///   - prepared: The abstract in windows, as the network read it.
    ///   - labelled: The same abstract with its labels.
    ///   - labeller: The labeller that prepared the abstract.
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

    /// Adds the counts of another profile of the same checkpoint.
    public mutating func add(_ other: LabellingProfile) {
        abstracts += other.abstracts
        for index in labels.indices { labels[index] += other.labels[index] }
        sentencesPerAbstract.add(other.sentencesPerAbstract)
        piecesPerSentence.add(other.piecesPerSentence)
        confidence.add(other.confidence)
        pieces += other.pieces
        unknownPieces += other.unknownPieces
    }

    /// Writes the profile to a file, which replaces an existing one only when it is complete.
    ///
    /// - Throws: `CheckpointError` if the file cannot be written.
    public func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var file = try ReplacementFile(for: path)
        try file.write(Array(try encoder.encode(self)) + [UInt8(ascii: "\n")])
        try file.commit()
    }
}
