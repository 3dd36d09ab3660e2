import Checkpoint
/// An abstract or a text, as a corpus collects it.
protocol CorpusItem: Sendable {
    /// Such as "abstract".
    static var noun: String { get }
    /// Such as "abstracts"; what a file without any lacks.
    static var plural: String { get }
    /// The corpus' name for the item.
    var id: String { get }
    /// Sets how many times an epoch reads the item, on average.
    mutating func set(weight: Double)
    /// The item without blank sentences or texts, which are counted; `nil` where nothing is left.
    func withoutBlanks(_ omissions: inout CorpusOmissions) -> Self?
}

/// The items of one corpus, collected file by file.
struct CorpusCollection<Item: CorpusItem> {
    private var items: [Item] = []
    private var omissions = CorpusOmissions()
    private var sources: [CorpusSource] = []
    /// Where each id was first seen.
    private var places: [String: (source: Int, line: Int)] = [:]

    /// Starts the next file.
    mutating func begin(_ source: CorpusSource) {
        sources.append(source)
    }

    /// A name for an item without an id that begins at a line of the current file.
    func name(ofLine line: Int) -> String { "\(sources.last?.name.lastPathComponent ?? "")#\(line)" }

    /// Adds an item that begins at a line of the current file.
    ///
    /// - Parameters:
    ///   - item: The item; left out, and counted, where it is blank.
    ///   - line: The line, from 1.
    ///   - isNamed: Whether the file gives the item's id, which must then differ from all others.
    /// - Throws: `CorpusError` where another item has the same id.
    mutating func add(_ item: Item, line: Int, isNamed: Bool = true) throws(CorpusError) {
        if isNamed, let first = places.updateValue((sources.count - 1, line), forKey: item.id) {
            throw CorpusError(
                file: sources.last?.name ?? "", line: line,
                "the \(Item.noun)'s id \(item.id.excerpt) is also the id of the one at line \(first.line) of \(sources[first.source].name); leave one of them out, or rename it."
            )
        }
        guard var kept = item.withoutBlanks(&omissions) else { return }
        kept.set(weight: sources.last?.weight ?? 1)
        items.append(kept)
    }

    /// Everything that was read.
    ///
    /// - Throws: `CorpusError` where that is nothing.
    consuming func corpus() throws(CorpusError) -> TrainingCorpus<Item> {
        guard !items.isEmpty else {
            throw CorpusError(
                file: sources.isEmpty ? "the corpus" : sources.map(\.name).joined(separator: ", "),
                "expected \(Item.plural), found none; check the path and the format.")
        }
        return TrainingCorpus(items: items, omissions: omissions, sources: sources)
    }
}

extension TrainingAbstract: CorpusItem {
    static var noun: String { "abstract" }
    static var plural: String { "abstracts" }

    mutating func set(weight: Double) { self.weight = weight }

    func withoutBlanks(_ omissions: inout CorpusOmissions) -> TrainingAbstract? {
        var kept = self
        kept.sentences.removeAll(where: \.text.isBlank)
        omissions.blankTexts += sentences.count - kept.sentences.count
        if kept.sentences.isEmpty {
            omissions.emptyAbstracts += 1
            return nil
        }
        return kept
    }
}

extension CorpusAbstract: CorpusItem {
    static var noun: String { "abstract" }
    static var plural: String { "abstracts" }

    /// An evaluation reads every abstract once.
    mutating func set(weight: Double) {}

    /// All of it: sections are evaluated even where no sentences are given.
    func withoutBlanks(_ omissions: inout CorpusOmissions) -> CorpusAbstract? { self }
}

extension TrainingText: CorpusItem {
    static var noun: String { "text" }
    static var plural: String { "labelled texts" }

    /// Weights are for abstracts.
    mutating func set(weight: Double) {}

    func withoutBlanks(_ omissions: inout CorpusOmissions) -> TrainingText? {
        if text.isBlank { omissions.blankTexts += 1 }
        return text.isBlank ? nil : self
    }
}
