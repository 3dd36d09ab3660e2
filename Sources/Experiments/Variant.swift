/// One of the recipes that are compared: a name, and what it changes of the recipe that all have in common.
public struct Variant: Sendable, Equatable {
    /// Also its directory's.
    public var name: String
    /// What it trains, such as a baseline's name; `nil` for a checkpoint.
    public var model: String?
    /// Beyond what all have in common.
    public var settings: [Setting]

    private static let modelOption = "--model"
    private static let checkpointModel = "bert"

    /// A variant.
    public init(name: String, model: String? = nil, settings: [Setting] = []) {
        self.name = name
        self.model = model
        self.settings = settings
    }

    /// Reads a line such as `downsampled: --downsample --epochs 2` or `words: --model tfidf-sgd`.
    ///
    /// - Parameters:
    ///   - line: A name, a colon and settings as on the command line, perhaps none.
    ///   - place: Where it stands, for an error.
    /// - Throws: ``ExperimentError/plan(_:)`` naming what is at fault.
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

    /// Reads a file of variants.
    ///
    /// - Parameters:
    ///   - lines: One a line; blank lines and those that begin with `#` are passed over.
    ///   - name: The file's, for an error.
    /// - Returns: In the file's order.
    /// - Throws: ``ExperimentError/plan(_:)`` naming the line at fault.
    public static func read(lines: String, name: String) throws(ExperimentError) -> [Variant] {
        var variants: [Variant] = []
        for (index, line) in lines.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { continue }
            variants.append(try Variant(line: line, place: "\(name), line \(index + 1)"))
        }
        return variants
    }

    /// A name that can be a directory's, of variants and checkpoints alike.
    public static func checkedName(_ name: String, place: String) throws(ExperimentError) -> String {
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_.+".unicodeScalars.contains(scalar)
        }
        guard isPlain, let first = name.first, first != ".", first != "-" else {
            throw .plan(
                "\(place): \"\(name)\" cannot be a name; expected letters, digits, \"-\", \"_\", \"+\" and \".\", as in \"downsampled: --downsample\"."
            )
        }
        return name
    }
}
