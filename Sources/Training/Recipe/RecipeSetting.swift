import Kernels
import Model
public import Runs

/// One setting of a recipe: the only definition of its option, its values, its range and its help.
///
/// The options of `fit`, `compare` and `tune`, the checks of a recipe, its record and the documentation are made from
/// ``all``.
public struct RecipeSetting: Sendable {
    /// The kind of values that a setting has.
    public enum Kind: Sendable, Equatable {
        /// A number.
        case number
        /// A whole number.
        case count
        /// `true` or `false`.
        case flag
        /// One of some names.
        case choice([String])
    }

    /// The option, such as `--learning-rate`.
    public let option: String
    /// The kind of values.
    public let kind: Kind
    /// One sentence for `--help`, without the default.
    public let help: String
    /// The default in words, where the value in a record is not clear to a reader of the help.
    let usual: String?
    /// Returns a recipe's value, spelled as the option takes it.
    public let value: @Sendable (Recipe) -> String
    /// Sets the value in a recipe; `false` where the text spells none.
    public let set: @Sendable (inout Recipe, String) -> Bool
    /// Returns what was expected where a recipe's value is outside the range; `nil` where it is inside.
    let expected: @Sendable (Recipe) -> String?

    private typealias Path<Value> = any WritableKeyPath<Recipe, Value> & Sendable

    /// Every setting, in the order of the help.
    public static let all: [RecipeSetting] = [
        .choice(
            "--task", \.task,
            "Task to train: sequence-labelling (the sentences of an abstract together), sentence (each sentence alone), text (one label per text) or multi-label-text (any number of labels per text)."
        ),
        .number("--learning-rate", \.learningRate, .above(0, to: 1), "Peak learning rate of the encoder."),
        .number("--head-learning-rate", \.headLearningRate, .above(0, to: 1), "Peak learning rate of the head."),
        .number(
            "--layer-decay", \.layerDecay, .above(0, to: 1),
            "Layer-wise learning-rate decay: each layer trains at this factor times the rate of the layer above."),
        .number("--weight-decay", \.weightDecay, .from(0, to: 1), "Weight decay of AdamW."),
        .number("--warm-up", \.warmUp, .from(0, to: 1), "Fraction of all steps used for linear warm-up."),
        .number("--epochs", \.epochs, .above(0, to: 10_000), "Passes over the training data; may be a fraction."),
        .count("--tokens-per-batch", \.tokensPerBatch, 3...10_000_000, "Largest number of tokens in a batch."),
        .count(
            "--batch-size", \.batchSize, 1...1_000_000, absent: "none", usual: "as many as fit",
            "Largest number of abstracts or texts in a batch."),
        .count("--accumulation", \.accumulation, 1...100_000, "Batches whose gradients are summed for one step."),
        .number(
            "--clip", \.clip, .above(0, to: 1e6), "Largest norm of the gradient; a larger gradient is scaled down."),
        .number(
            "--hidden-dropout", \.dropout.hidden, .from(0, below: 1), "Dropout after the embeddings and each sublayer."),
        .number("--attention-dropout", \.dropout.attention, .from(0, below: 1), "Dropout of attention probabilities."),
        .number("--head-dropout", \.dropout.head, .from(0, below: 1), "Dropout before the head."),
        .number("--masked-pieces", \.maskedPieces, .from(0, below: 1), "Fraction of tokens replaced by [MASK]."),
        .number(
            "--masked-numbers", \.maskedNumbers, .from(0, to: 1),
            "Fraction of abstracts or texts whose numbers are replaced by @, as in the variant of PubMed RCT with masked numbers."
        ),
        .number(
            "--shortened", \.shortened, .from(0, to: 1),
            "Fraction of abstracts shortened to one or two sentences of each section."),
        .number(
            "--omitted-sections", \.omittedSections, .from(0, below: 1),
            "Probability that a shortened abstract loses each of its sections; it keeps at least two."),
        .number(
            "--exact-share", \.exactShare, .from(0, to: 1),
            "Weight of the author's exact label in abstracts that use only one of BACKGROUND and OBJECTIVE; the rest of the loss accepts either label. 1 trains on the labels as given."
        ),
        .number(
            "--taught-share", \.taughtShare, .from(0, to: 1),
            "Weight of the distillation loss, 0 to 1; used only with --teacher."),
        .number(
            "--label-smoothing", \.labelSmoothing, .from(0, below: 1),
            "Label smoothing, for tasks with one label per sentence or text."),
        .number(
            "--averaging", \.averaging, .from(0, below: 1),
            "Decay of the moving average of the weights; 0 turns averaging off."),
        .count(
            "--max-length", \.maxLength, 3...65_536, absent: "the base's", usual: "that of the base checkpoint",
            "Largest number of tokens in a window. A base checkpoint with fewer positions is stretched by interpolation."
        ),
        .flag("--downsample", \.downsample, "Keep only as many texts of each label as the rarest label has."),
        .count(
            "--sample", \.sample, DataPlan.samples, absent: "all",
            "Number of abstracts or texts to train on, drawn at random."),
        .number(
            "--dev-share", \.developmentShare, DataPlan.developmentShares,
            "Fraction of the training data set apart for development if --dev is absent."),
        .count("--seed", \.seed, 0...UInt64.max, "Random seed."),
        .count(
            "--threads", \.threads, 1...1_024, usual: "the cores this process may use",
            "Number of threads. Results vary slightly with it because of rounding."),
        .choice(
            "--precision", \.precision, among: [.float32, .bfloat16],
            "Precision of the matrix multiplications: float32, or bfloat16, which is faster on processors with bfloat16 instructions."
        ),
        .choice("--storage", \.storage, "Format of the stored weights: f16 or f32."),
        .choice(
            "--best-by", \.figure,
            "Metric on the development data that chooses the best epoch: micro-f1, macro-f1 or weighted-f1."),
    ]

    /// The setting with an option; `nil` where there is none.
    public static func named(_ option: String) -> RecipeSetting? { all.first { $0.option == option } }

    /// The help with the default values.
    public var helpWithDefault: String {
        guard kind != .flag else { return help }
        func words(_ recipe: Recipe) -> String {
            let value = value(recipe)
            return value.hasSuffix(".0") ? String(value.dropLast(2)) : value
        }
        // Every task but sequence labelling has the same defaults.
        let first = usual ?? words(Recipe(task: .sequenceLabelling))
        let other = option == "--task" ? first : usual ?? words(Recipe(task: .text))
        return "\(help.dropLast()) (default: \(first)\(other == first ? "" : "; \(other) for other tasks"))."
    }

    private static func number<Number: LosslessStringConvertible & BinaryFloatingPoint & Sendable & SendableMetatype>(
        _ option: String, _ path: Path<Number>, _ range: NumberRange, _ help: String
    ) -> RecipeSetting {
        RecipeSetting(option, .number, help, path) {
            Number($0)
        } expected: { value in
            range.contains(Double(value)) ? nil : "\(range)"
        }
    }

    private static func count<Number: FixedWidthInteger & Sendable & SendableMetatype>(
        _ option: String, _ path: Path<Number>, _ range: ClosedRange<Number>, usual: String? = nil, _ help: String
    ) -> RecipeSetting {
        RecipeSetting(option, .count, help, usual: usual, path) {
            Number($0)
        } expected: { value in
            range.contains(value) ? nil : Self.description(range)
        }
    }

    private static func count(
        _ option: String, _ path: Path<Int?>, _ range: ClosedRange<Int>, absent: String, usual: String? = nil,
        _ help: String
    ) -> RecipeSetting {
        RecipeSetting(option: option, kind: .count, help: help, usual: usual) { recipe in
            recipe[keyPath: path].map { "\($0)" } ?? absent
        } set: { recipe, text in
            guard let value = Int(text) else { return false }
            recipe[keyPath: path] = value
            return true
        } expected: { recipe in
            recipe[keyPath: path].map(range.contains) ?? true ? nil : Self.description(range)
        }
    }

    private static func flag(_ option: String, _ path: Path<Bool>, _ help: String) -> RecipeSetting {
        RecipeSetting(option, .flag, help, path) {
            Bool($0)
        } expected: { _ in
            nil
        }
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ option: String, _ path: Path<Choice>, among choices: [Choice]? = nil, _ help: String
    ) -> RecipeSetting {
        let choices = choices ?? Array(Choice.allCases)
        return RecipeSetting(option: option, kind: .choice(choices.map(\.rawValue)), help: help, usual: nil) {
            recipe in
            recipe[keyPath: path].rawValue
        } set: { recipe, text in
            guard let value = choices.first(where: { $0.rawValue == text }) else { return false }
            recipe[keyPath: path] = value
            return true
        } expected: { _ in
            nil
        }
    }

    private static func description(_ range: ClosedRange<some FixedWidthInteger>) -> String {
        "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }
}

extension RecipeSetting {
    private init<Value: Sendable>(
        _ option: String, _ kind: Kind, _ help: String, usual: String? = nil, _ path: Path<Value>,
        _ parse: @escaping @Sendable (String) -> Value?, expected: @escaping @Sendable (Value) -> String?
    ) {
        self.init(option: option, kind: kind, help: help, usual: usual) { recipe in
            "\(recipe[keyPath: path])"
        } set: { recipe, text in
            guard let value = parse(text) else { return false }
            recipe[keyPath: path] = value
            return true
        } expected: { recipe in
            expected(recipe[keyPath: path])
        }
    }
}

extension RecipeSetting.Kind: CustomStringConvertible {
    /// Such as "a whole number".
    public var description: String {
        switch self {
        case .number: "a number"
        case .count: "a whole number"
        case .flag: "true or false"
        case .choice(let names): "one of \(names.joined(separator: ", "))"
        }
    }
}

extension Recipe {
    /// Every setting as its option and its value, in the order of the help.
    public var settings: [(option: String, value: String)] {
        RecipeSetting.all.map { ($0.option, $0.value(self)) }
    }

    /// Sets the value of a setting by its option. A new task does not change the other settings.
    ///
    /// - Parameters:
    ///   - option: The option, such as `--learning-rate`.
    ///   - text: The value as the option takes it; `true` or `false` for a flag.
    /// - Throws: ``TrainingError/recipe(_:)`` where there is no such option or the text is not one of its values.
    public mutating func set(_ option: String, to text: String) throws(TrainingError) {
        guard let setting = RecipeSetting.named(option) else {
            let known = RecipeSetting.all.map(\.option).joined(separator: ", ")
            throw .recipe("\(option) is not a setting of the recipe; the settings are \(known).")
        }
        guard setting.set(&self, text) else { throw .recipe("\(option) is \"\(text)\"; expected \(setting.kind).") }
    }
}
