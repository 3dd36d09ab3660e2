/// A variant in a comparison: a name, and the settings that differ from the common recipe.
public struct Variant: Sendable, Equatable {
    /// Name, also of the variant's directory.
    public var name: String
    /// The model to train, such as the name of a baseline kind; `nil` for a checkpoint.
    public var model: String?
    /// Settings that differ from the common recipe.
    public var settings: [Setting]

    private static let modelOption = "--model"
    private static let checkpointModel = "bert"

    /// Creates a variant.
    public init(name: String, model: String? = nil, settings: [Setting] = []) {
        self.name = name
        self.model = model
        self.settings = settings
    }

    /// Parses a line such as `downsampled: --downsample --epochs 2` or `words: --model tfidf-sgd`.
    ///
    /// - Parameters:
    ///   - line: The name, a colon and optional settings as on the command line.
    ///   - place: The source of the line, for error messages.
    /// - Throws: ``ExperimentError/plan(_:)`` if the name or a setting is not valid.
    public init(line: some StringProtocol, place: String) throws(ExperimentError) {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        name = try Self.checkedName(parts[0].split(separator: " ").joined(separator: " "), place: place)
        let words = parts.count < 2 ? [] : parts[1].split { $0 == " " || $0 == "\t" }
        let variantPlace = "\(place), variant \(name)"
        guard words.contains(where: { $0 == Self.modelOption || $0.hasPrefix("\(Self.modelOption)=") }) else {
            settings = try Setting.read(words.map { Substring($0) }, place: variantPlace)
            return
        }
        settings = try Setting.readOfAnyModel(words.map { Substring($0) }, place: variantPlace)
        model = settings.first { $0.option == Self.modelOption }?.value
        settings.removeAll { $0.option == Self.modelOption }
        if model == Self.checkpointModel {
            model = nil
            settings = try Setting.read(settings.arguments.map { Substring($0) }, place: variantPlace)
        }
    }

    /// Parses a file of variants.
    ///
    /// - Parameters:
    ///   - lines: The content of the file: one variant on each line; empty lines and lines that begin with `#` are skipped.
    ///   - name: The name of the file, for error messages.
    /// - Returns: The variants in the order of the file.
    /// - Throws: ``ExperimentError/plan(_:)`` with the number of the invalid line.
    public static func read(lines: String, name: String) throws(ExperimentError) -> [Variant] {
        var variants: [Variant] = []
        for (index, line) in lines.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { continue }
            variants.append(try Variant(line: line, place: "\(name), line \(index + 1)"))
        }
        return variants
    }

    /// Checks that the name of a variant or checkpoint can be used as a directory name, and returns it.
    public static func checkedName(_ name: String, place: String) throws(ExperimentError) -> String {
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_.+".unicodeScalars.contains(scalar)
        }
        guard isPlain, let first = name.first, first != ".", first != "-" else {
            throw .plan(
                "\(place): \"\(name)\" is not a valid name; expected letters, digits, \"-\", \"_\", \"+\" and \".\", as in \"downsampled: --downsample\"."
            )
        }
        return name
    }
}
