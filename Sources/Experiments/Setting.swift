import Runs
internal import Training

/// A setting of a recipe as a command-line option with its value.
public struct Setting: Sendable, Codable, Equatable {
    /// Option, such as `--learning-rate`.
    public var option: String
    /// Value, such as `3e-05`; `true` or `false` for a flag.
    public var value: String

    /// Creates a setting.
    public init(option: String, value: String) {
        self.option = option
        self.value = value
    }

    /// Parses settings of a recipe from command-line arguments.
    ///
    /// - Parameters:
    ///   - words: The arguments, such as `--downsample`, `--epochs`, `2` or `--epochs=2`.
    ///   - place: The source of the arguments, with which error messages begin.
    /// - Returns: The settings in the order of the arguments.
    /// - Throws: ``ExperimentError/plan(_:)`` with the invalid argument.
    static func read(_ words: [Substring], place: String) throws(ExperimentError) -> [Setting] {
        let settings = try read(words, place: place) { (option) throws(ExperimentError) in
            guard let setting = RecipeSetting.named(option) else {
                let known = RecipeSetting.all.map(\.option).joined(separator: ", ")
                throw .plan("\(place): \(option) is not a setting of the recipe; the settings are \(known).")
            }
            return setting.kind
        }
        // Check the values now, so that an invalid one is found before anything is trained.
        for setting in settings {
            var recipe = Recipe(task: .sentence)
            do {
                try recipe.set(setting.option, to: setting.value)
            } catch {
                throw .plan("\(place): \(error)")
            }
        }
        return settings
    }

    /// Parses options of a model with settings of its own; an option without a value is a flag.
    static func readOfAnyModel(_ words: [Substring], place: String) throws(ExperimentError) -> [Setting] {
        try read(words, place: place) { _ in nil }
    }

    /// Parses settings; `kind` returns the kind of value of an option, or `nil` if it is not known.
    private static func read(
        _ words: [Substring], place: String, kind: (String) throws(ExperimentError) -> RecipeSetting.Kind?
    ) throws(ExperimentError) -> [Setting] {
        var settings: [Setting] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let option = String(parts[0])
            let kind = try kind(option)
            let value: String
            if parts.count == 2 {
                value = String(parts[1])
            } else if kind == .flag || (kind == nil && rest.first?.hasPrefix("--") ?? true) {
                value = "true"
            } else if let next = rest.popFirst() {
                value = String(next)
            } else {
                throw .plan("\(place): \(option) has no value; expected \(kind.map { "\($0)" } ?? "a value").")
            }
            guard !settings.contains(where: { $0.option == option }) else {
                throw .plan("\(place): \(option) is given twice; remove one of them.")
            }
            settings.append(Setting(option: option, value: value))
        }
        return settings
    }
}

extension [Setting] {
    /// The settings as command-line arguments; flags that are off are left out.
    public var arguments: [String] {
        filter { $0.value != "false" }.flatMap { $0.value == "true" ? [$0.option] : [$0.option, $0.value] }
    }

    /// The command-line arguments on one line.
    public var words: String { arguments.joined(separator: " ") }
}
