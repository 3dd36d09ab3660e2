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
        var settings: [Setting] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let option = String(parts[0])
            guard let setting = RecipeSetting.named(option) else {
                let known = RecipeSetting.all.map(\.option).joined(separator: ", ")
                throw .plan("\(place): \(option) is no setting of the recipe; the settings are \(known).")
            }
            let value: String
            if parts.count == 2 {
                value = String(parts[1])
            } else if setting.kind == .flag {
                value = "true"
            } else if let next = rest.popFirst() {
                value = String(next)
            } else {
                throw .plan("\(place): \(option) has no value; expected \(setting.kind).")
            }
            guard !settings.contains(where: { $0.option == option }) else {
                throw .plan("\(place): \(option) is given twice; leave one out.")
            }
            // A value that the recipe does not take is found before anything is trained.
            var recipe = Recipe(task: .sentence)
            do {
                try recipe.set(option, to: value)
            } catch {
                throw .plan("\(place): \(error)")
            }
            settings.append(Setting(option: option, value: value))
        }
        return settings
    }
}

extension [Setting] {
    /// As on a command line, where a flag that is off is not spelled.
    public var words: String {
        filter { $0.value != "false" }.map { $0.value == "true" ? $0.option : "\($0.option) \($0.value)" }
            .joined(separator: " ")
    }
}
