public import Runs
import Kernels
import Model

/// One setting of a recipe by the name of its option, to be told, set and searched.
public struct RecipeSetting: Sendable {
    /// What values it has.
    public enum Kind: Sendable, Equatable {
        /// A number.
        case number
        /// A whole number.
        case count
        /// `true` or `false`.
        case flag
        /// One of these.
        case choice([String])
    }

    /// Such as `--learning-rate`.
    public let option: String
    /// What values it has.
    public let kind: Kind
    /// Its value in a recipe, spelled as the option wants it.
    public let value: @Sendable (Recipe) -> String
    /// Sets it; `false` where the text spells none of its values.
    let set: @Sendable (inout Recipe, String) -> Bool

    private typealias Path<Value> = any WritableKeyPath<Recipe, Value> & Sendable

    /// Every setting, in the order of the help.
    public static let all: [RecipeSetting] = [
        .choice("--task", \.task), .number("--learning-rate", \.learningRate),
        .number("--head-learning-rate", \.headLearningRate), .number("--layer-decay", \.layerDecay),
        .number("--weight-decay", \.weightDecay), .number("--warm-up", \.warmUp), .number("--epochs", \.epochs),
        .count("--tokens-per-batch", \.tokensPerBatch), .count("--batch-size", \.batchSize, absent: "none"),
        .count("--accumulation", \.accumulation), .number("--clip", \.clip),
        .number("--hidden-dropout", \.dropout.hidden), .number("--attention-dropout", \.dropout.attention),
        .number("--head-dropout", \.dropout.head), .number("--masked-pieces", \.maskedPieces),
        .number("--masked-numbers", \.maskedNumbers), .number("--shortened", \.shortened),
        .number("--omitted-sections", \.omittedSections), .number("--exact-share", \.exactShare),
        .number("--taught-share", \.taughtShare),
        .number("--label-smoothing", \.labelSmoothing), .number("--averaging", \.averaging),
        .count("--max-length", \.maxLength, absent: "the base's"), .flag("--downsample", \.downsample),
        .count("--sample", \.sample, absent: "all"), .number("--dev-share", \.developmentShare),
        .count("--seed", \.seed), .count("--threads", \.threads),
        .choice("--precision", \.precision, among: [.float32, .bfloat16]), .choice("--storage", \.storage),
        .choice("--best-by", \.figure),
    ]

    /// The one of that option; `nil` where there is none.
    public static func named(_ option: String) -> RecipeSetting? { all.first { $0.option == option } }

    private static func number<Number: LosslessStringConvertible & SendableMetatype>(
        _ option: String, _ path: Path<Number>
    ) -> RecipeSetting {
        RecipeSetting(option, .number, path) { Number($0) }
    }

    private static func count<Number: FixedWidthInteger & SendableMetatype>(
        _ option: String, _ path: Path<Number>
    ) -> RecipeSetting {
        RecipeSetting(option, .count, path) { Number($0) }
    }

    private static func count(
        _ option: String, _ path: Path<Int?>, absent: String
    ) -> RecipeSetting {
        RecipeSetting(option: option, kind: .count) { recipe in
            recipe[keyPath: path].map { "\($0)" } ?? absent
        } set: { recipe, text in
            guard let value = Int(text) else { return false }
            recipe[keyPath: path] = value
            return true
        }
    }

    private static func flag(_ option: String, _ path: Path<Bool>) -> RecipeSetting {
        RecipeSetting(option, .flag, path) { Bool($0) }
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ option: String, _ path: Path<Choice>, among choices: [Choice]? = nil
    ) -> RecipeSetting {
        let choices = choices ?? Array(Choice.allCases)
        return RecipeSetting(option: option, kind: .choice(choices.map(\.rawValue))) { recipe in
            recipe[keyPath: path].rawValue
        } set: { recipe, text in
            guard let value = choices.first(where: { $0.rawValue == text }) else { return false }
            recipe[keyPath: path] = value
            return true
        }
    }
}

extension RecipeSetting {
    private init<Value>(
        _ option: String, _ kind: Kind, _ path: Path<Value>,
        _ parse: @escaping @Sendable (String) -> Value?
    ) {
        self.init(option: option, kind: kind) { recipe in
            "\(recipe[keyPath: path])"
        } set: { recipe, text in
            guard let value = parse(text) else { return false }
            recipe[keyPath: path] = value
            return true
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

    /// Sets what an option of the command line sets.
    ///
    /// - Parameters:
    ///   - option: Such as `--learning-rate`. A task does not bring its usual recipe with it.
    ///   - text: The value as the option spells it; `true` or `false` for a flag.
    /// - Throws: ``TrainingError/recipe(_:)`` where there is no such option or the text is none of its values.
    public mutating func set(_ option: String, to text: String) throws(TrainingError) {
        guard let setting = RecipeSetting.named(option) else {
            let known = RecipeSetting.all.map(\.option).joined(separator: ", ")
            throw .recipe("\(option) is no setting of the recipe; the settings are \(known).")
        }
        guard setting.set(&self, text) else { throw .recipe("\(option) is \"\(text)\"; expected \(setting.kind).") }
    }
}
