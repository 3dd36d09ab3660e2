import Text

/// The labels of a corpus in the order a checkpoint has them, with how often each occurs.
public struct LabelInventory: Sendable, Equatable {
    /// The labels' names.
    public let names: [String]
    /// How many sentences of abstracts, or texts, have each label; those of which several are allowed count for none.
    public let counts: [Int]

    /// The labels of abstracts' sentences.
    ///
    /// - Parameters:
    ///   - abstracts: A corpus.
    ///   - names: The labels and their order, where they are known. Otherwise roles are in the order of an abstract
    ///     (BACKGROUND to CONCLUSIONS), whole numbers ascend, and other labels are in the order they are first seen.
    /// - Throws: `CorpusError` for a label that is not among `names`, one of `names` that nothing has, or fewer than
    ///   two labels.
    public init(_ abstracts: [TrainingAbstract], names: [String]? = nil) throws(CorpusError) {
        var tally = LabelTally()
        for abstract in abstracts {
            for sentence in abstract.sentences {
                for label in sentence.labels { tally.count(label, of: abstract.id, isSure: sentence.labels.count == 1) }
            }
        }
        try self.init(tally, names: names, of: "sentence")
    }

    /// The labels of texts.
    ///
    /// - Parameters:
    ///   - texts: A corpus; texts without labels count for none.
    ///   - names: As for abstracts.
    /// - Throws: As for abstracts.
    public init(_ texts: [TrainingText], names: [String]? = nil) throws(CorpusError) {
        var tally = LabelTally()
        for text in texts {
            for label in text.labels { tally.count(label, of: text.id, isSure: true) }
        }
        try self.init(tally, names: names, of: "text")
    }

    /// The place of a label among ``names``; `nil` for one that is not there.
    public func index(of label: String) -> Int? { names.firstIndex(of: label) }

    private init(_ tally: LabelTally, names: [String]?, of unit: String) throws(CorpusError) {
        let order = names ?? Self.order(tally.names)
        if let unknown = tally.names.first(where: { !order.contains($0) }) {
            throw CorpusError(
                description:
                    "\(tally.firstUse[unknown] ?? "the corpus") has the label \(unknown.excerpt): expected one of \(order.joined(separator: ", ")). Correct it, or add it to the labels."
            )
        }
        if let repeated = order.indices.first(where: { order[..<$0].contains(order[$0]) }) {
            throw CorpusError(
                description: "the label \(order[repeated].excerpt) is listed twice: expected every label once.")
        }
        if let unused = order.first(where: { tally.counts[$0, default: 0] == 0 }) {
            throw CorpusError(
                description:
                    "no \(unit) has the label \(unused.excerpt): expected examples of every label. Add some, or take it off the labels."
            )
        }
        guard order.count >= 2 else {
            throw CorpusError(
                description:
                    "the corpus has \(order.first.map { "only the label \($0.excerpt)" } ?? "no labels"): expected two at least, or there is nothing to tell apart. Check which column is the label."
            )
        }
        self.names = order
        counts = order.map { tally.counts[$0] ?? 0 }
    }

    private static func order(_ firstSeen: [String]) -> [String] {
        let roles = Role.allCases.map(\.rawValue)
        if firstSeen.allSatisfy(roles.contains) { return roles.filter(firstSeen.contains) }
        let numbers = firstSeen.compactMap { name in Int(name).map { (number: $0, name: name) } }
        guard numbers.count == firstSeen.count else { return firstSeen }
        return numbers.sorted { ($0.number, $0.name) < ($1.number, $1.name) }.map(\.name)
    }
}

/// Labels as they are first seen, with their counts.
private struct LabelTally {
    private(set) var names: [String] = []
    private(set) var counts: [String: Int] = [:]
    /// The id of the first abstract or text with each label.
    private(set) var firstUse: [String: String] = [:]

    mutating func count(_ label: String, of id: String, isSure: Bool) {
        if counts[label] == nil {
            names.append(label)
            firstUse[label] = id
        }
        counts[label, default: 0] += isSure ? 1 : 0
    }
}
