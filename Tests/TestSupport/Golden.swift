public import FoundationEssentials

/// The results that PyTorch computed from a sequence labeller, as in `golden.json` and the `expected.json` of tiny
/// checkpoints.
public struct Golden: Decodable, Sendable {
    /// An abstract with every step from its sentences to its labels.
    public struct Abstract: Decodable, Sendable {
        /// The identifier of the abstract.
        public let id: String
        /// The sentences as they were split by the source of the data.
        public let sentences: [String]
        /// The inputs of the encoder.
        public let windows: [Window]
        /// The score of each label for each sentence, `[sentences][labels]`.
        public let emissions: [[Double]]
        /// The log of the partition function: log Σ exp(score) over all label sequences.
        public let logPartition: Double
        /// The marginal probabilities of the labels, `[sentences][labels]`.
        public let marginals: [[Double]]
        /// The labels of the Viterbi path.
        public let labels: [String]
        /// The indices of the sentences that were truncated, if the file contains them.
        public let truncated: [Int]?

        enum CodingKeys: String, CodingKey {
            case id, sentences, windows, emissions, marginals, labels, truncated
            case logPartition = "log_partition"
        }
    }

    /// A window and parts of the encoder's output for it.
    public struct Window: Decodable, Sendable {
        /// The ids of the tokens, including special tokens.
        public let ids: [Int32]
        /// The rows of each sentence, as `[start, end)`.
        public let spans: [[Int]]
        /// The index of the sentence for the first span, if windows overlap.
        public let firstSentence: Int?
        /// The weight of each span in its sentence's mean, if windows overlap.
        public let weights: [Double]?
        /// The encoder's output at `[CLS]`.
        public let firstRow: [Double]
        /// The encoder's output at the last `[SEP]`.
        public let lastRow: [Double]
        /// The Euclidean norm of each row of the encoder's output.
        public let rowNorms: [Double]
        /// The whole output of the encoder, `[tokens][width]`, if the file is small enough to contain it.
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

    /// The label names, in the order of the classifier's rows.
    public let labels: [String]
    /// All abstracts in the file.
    public let abstracts: [Abstract]

    /// Reads the results from `file`.
    public init(_ file: URL) throws {
        self = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    }
}

/// The results that transformers computed from a text classifier, as in the `expected.json` of tiny checkpoints.
public struct ClassifierGolden: Decodable, Sendable {
    /// A text that was processed alone.
    public struct Example: Decodable, Sendable {
        /// The text as it was submitted.
        public let text: String
        /// The ids of the tokens from Hugging Face's tokenizer.
        public let ids: [Int32]
        /// Whether the text was truncated to fit the window.
        public let truncated: Bool
        /// The logits, `[labels]`.
        public let logits: [Double]
        /// The probabilities from softmax or sigmoid, `[labels]`.
        public let probabilities: [Double]
        /// The predicted labels.
        public let predicted: [String]
    }

    /// The label names, in the order of the classifier's rows.
    public let labels: [String]
    /// All examples in the file.
    public let examples: [Example]

    /// Reads the `expected.json` in `directory`.
    public init(directory: URL) throws {
        let data = try Data(contentsOf: directory.appending(path: "expected.json"))
        self = try JSONDecoder().decode(ClassifierGolden.self, from: data)
    }
}

/// Returns the largest absolute difference between two tables, or infinity if their shapes differ or a value is not a
/// number.
public func largestDifference(_ found: [[Double]], _ expected: [[Double]]) -> Double {
    guard found.map(\.count) == expected.map(\.count) else { return .infinity }
    return zip(found.joined(), expected.joined()).reduce(0) {
        let difference = abs($1.0 - $1.1)
        return difference.isNaN ? .infinity : max($0, difference)
    }
}
