public import FoundationEssentials

/// What PyTorch computed from a sequence labeller, as `golden.json` and the `expected.json` of tiny ones hold it.
public struct Golden: Decodable, Sendable {
    /// One abstract with every step from its sentences to its labels.
    public struct Abstract: Decodable, Sendable {
        /// The abstract's name.
        public let id: String
        /// As someone divided them.
        public let sentences: [String]
        /// What the encoder is fed.
        public let windows: [Window]
        /// `[n][labels]`
        public let emissions: [[Double]]
        /// log Σ exp score over all labellings.
        public let logPartition: Double
        /// `[n][labels]`
        public let marginals: [[Double]]
        /// Viterbi's.
        public let labels: [String]
        /// Sentences that were cut, where the file tells.
        public let truncated: [Int]?

        enum CodingKeys: String, CodingKey {
            case id, sentences, windows, emissions, marginals, labels, truncated
            case logPartition = "log_partition"
        }
    }

    /// One window and parts of the encoder's output for it.
    public struct Window: Decodable, Sendable {
        /// Special pieces included.
        public let ids: [Int32]
        /// `[start, end)` of each sentence.
        public let spans: [[Int]]
        /// Where windows overlap: which sentence the first span is.
        public let firstSentence: Int?
        /// Where windows overlap: each span's weight in its sentence's mean.
        public let weights: [Double]?
        /// The encoder's output at `[CLS]`.
        public let firstRow: [Double]
        /// The encoder's output at the last `[SEP]`.
        public let lastRow: [Double]
        /// The Euclidean norm of every row.
        public let rowNorms: [Double]
        /// The whole output, where the file is small enough to hold it.
        public let rows: [[Double]]?

        /// The spans as ranges.
        public var ranges: [Range<Int>] { spans.map { $0[0]..<$0[1] } }

        enum CodingKeys: String, CodingKey {
            case ids, spans, rows, weights
            case firstSentence = "first_sentence"
            case firstRow = "first_row"
            case lastRow = "last_row"
            case rowNorms = "row_norms"
        }
    }

    /// In the order of the classifier's rows.
    public let labels: [String]
    /// Every one of the file.
    public let abstracts: [Abstract]

    /// Reads a file.
    public init(_ file: URL) throws {
        self = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    }
}

/// What transformers computed from a text classifier, as the `expected.json` of the tiny ones holds it.
public struct ClassifierGolden: Decodable, Sendable {
    /// One text, computed alone.
    public struct Example: Decodable, Sendable {
        /// As submitted.
        public let text: String
        /// As Hugging Face's tokenizer gives them.
        public let ids: [Int32]
        /// Whether pieces were cut off.
        public let truncated: Bool
        /// `[labels]`
        public let logits: [Double]
        /// `[labels]`, by softmax or sigmoid.
        public let probabilities: [Double]
        /// The labels given.
        public let predicted: [String]
    }

    /// In the order of the classifier's rows.
    public let labels: [String]
    /// Every one of the file.
    public let examples: [Example]

    /// Reads the `expected.json` of a directory.
    public init(directory: URL) throws {
        let data = try Data(contentsOf: directory.appending(path: "expected.json"))
        self = try JSONDecoder().decode(ClassifierGolden.self, from: data)
    }
}

/// The largest absolute difference of two tables; infinite where their shapes differ or a value is not a number.
public func largestDifference(_ found: [[Double]], _ expected: [[Double]]) -> Double {
    guard found.map(\.count) == expected.map(\.count) else { return .infinity }
    return zip(found.joined(), expected.joined()).reduce(0) {
        let difference = abs($1.0 - $1.1)
        return difference.isNaN ? .infinity : max($0, difference)
    }
}
