internal import Training

/// A setting of the recipe, spelled as the command line spells it.
public struct Setting: Sendable, Codable, Equatable {
    /// Such as `--learning-rate`.
    public var option: String
    /// Such as `3e-05`; `true` or `false` for a flag.
    public var value: String

    /// A setting.
    public init(option: String, value: String) {
        self.option = option
        self.value = value
    }

    /// Reads settings as they stand on a command line.
    ///
    /// - Parameters:
    ///   - words: Such as `--downsample`, `--epochs`, `2` or `--epochs=2`.
    ///   - place: What an error begins with.
    /// - Returns: In their order.
    /// - Throws: ``ExperimentError/plan(_:)`` naming the word at fault.
    static func read(_ words: [Substring], place: String) throws(ExperimentError) -> [Setting] {
        let settings = try read(words, place: place) { (option) throws(ExperimentError) in
            guard let setting = RecipeSetting.named(option) else {
                let known = RecipeSetting.all.map(\.option).joined(separator: ", ")
                throw .plan("\(place): \(option) is no setting of the recipe; the settings are \(known).")
            }
            return setting.kind
        }
        // A value that the recipe does not take is found before anything is trained.
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

    /// Reads options of a model that has others than the recipe's; what has no value is a flag.
    static func readOfAnyModel(_ words: [Substring], place: String) throws(ExperimentError) -> [Setting] {
        try read(words, place: place) { _ in nil }
    }

    /// Reads settings; `kind` tells what values an option has, where that is known.
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
                throw .plan("\(place): \(option) has no value; expected \(kind.map { "\($0)" } ?? "one").")
            }
            guard !settings.contains(where: { $0.option == option }) else {
                throw .plan("\(place): \(option) is given twice; leave one out.")
            }
            settings.append(Setting(option: option, value: value))
        }
        return settings
    }
}

extension [Setting] {
    /// As on a command line, where a flag that is off is not spelled.
    public var arguments: [String] {
        filter { $0.value != "false" }.flatMap { $0.value == "true" ? [$0.option] : [$0.option, $0.value] }
    }

    /// The same as one line.
    public var words: String { arguments.joined(separator: " ") }
}
