import Checkpoint
import Text

/// An abstract or text that can be collected into a corpus.
protocol CorpusItem: Sendable {
    /// The noun for one item, such as "abstract".
    static var noun: String { get }
    /// The noun for several items, such as "abstracts".
    static var plural: String { get }
    /// The id in the corpus.
    var id: String { get }
    /// Sets the mean number of times that an epoch reads the item.
    mutating func set(weight: Double)
    /// Returns the item without blank sentences or texts, which are counted; `nil` if nothing remains.
    func withoutBlanks(_ omissions: inout CorpusOmissions) -> Self?
}

extension CorpusItem {
    /// Does nothing: only training reads an item several times, and only abstracts have weights.
    mutating func set(weight: Double) {}
}

/// The items of a corpus, collected file by file.
struct CorpusCollection<Item: CorpusItem> {
    private var items: [Item] = []
    private var omissions = CorpusOmissions()
    private var sources: [CorpusSource] = []
    /// The file and line of the first use of each id.
    private var places: [String: (source: Int, line: Int)] = [:]

    /// Begins the next file.
    mutating func begin(_ source: CorpusSource) {
        sources.append(source)
    }

    /// Returns a name for an item without an id, from the current file and the line where the item begins.
    func name(ofLine line: Int) -> String { "\(sources.last?.name.lastPathComponent ?? "")#\(line)" }

    /// Adds an item of the current file.
    ///
    /// - Parameters:
    ///   - item: The item. It is skipped and counted if it is blank.
    ///   - line: The line on which the item begins, counted from 1.
    ///   - isNamed: Whether the item's id comes from the file. If so, it must differ from all other ids.
    /// - Throws: `CorpusError` if another item has the same id.
    mutating func add(_ item: Item, line: Int, isNamed: Bool = true) throws(CorpusError) {
        if isNamed, let first = places.updateValue((sources.count - 1, line), forKey: item.id) {
            throw CorpusError(
                file: sources.last?.name ?? "", line: line,
                "the \(Item.noun)'s id \(item.id.excerpt) was already used on line \(first.line) of \(sources[first.source].name); remove one of the two, or give it another id."
            )
        }
        guard var kept = item.withoutBlanks(&omissions) else { return }
        kept.set(weight: sources.last?.weight ?? 1)
        items.append(kept)
    }

    /// Returns all collected items as a corpus.
    ///
    /// - Throws: `CorpusError` if there are no items.
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

    /// Returns the whole abstract, because its sections are evaluated even if it has no sentences.
    func withoutBlanks(_ omissions: inout CorpusOmissions) -> CorpusAbstract? { self }
}

extension TrainingText: CorpusItem {
    static var noun: String { "text" }
    static var plural: String { "labelled texts" }

    func withoutBlanks(_ omissions: inout CorpusOmissions) -> TrainingText? {
        if text.isBlank { omissions.blankTexts += 1 }
        return text.isBlank ? nil : self
    }
}
