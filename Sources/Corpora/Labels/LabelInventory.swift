import Text

/// The labels of a corpus in the order of a checkpoint, with their frequencies.
public struct LabelInventory: Sendable, Equatable {
    /// The names of the labels.
    public let names: [String]
    /// The number of sentences or texts with each label, `[labels]`. Sentences with several possible labels are not
    /// counted.
    public let counts: [Int]

    /// Lists the labels of the sentences of abstracts.
    ///
    /// - Parameters:
    ///   - abstracts: The abstracts of a corpus.
    ///   - names: The expected labels in order. If `nil`, roles are in the order of an abstract (BACKGROUND to
    ///     CONCLUSIONS), whole numbers ascend, and other labels are in the order of their first use.
    /// - Throws: `CorpusError` if a label is not in `names`, a label in `names` is never used, or there are fewer than
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

    /// Lists the labels of texts.
    ///
    /// - Parameters:
    ///   - texts: The texts of a corpus; texts without labels are not counted.
    ///   - names: The expected labels in order. If `nil`, roles are in the order of an abstract (BACKGROUND to
    ///     CONCLUSIONS), whole numbers ascend, and other labels are in the order of their first use.
    /// - Throws: `CorpusError` if a label is not in `names`, a label in `names` is never used, or there are fewer than
    ///   two labels.
    public init(_ texts: [TrainingText], names: [String]? = nil) throws(CorpusError) {
        var tally = LabelTally()
        for text in texts {
            for label in text.labels { tally.count(label, of: text.id, isSure: true) }
        }
        try self.init(tally, names: names, of: "text")
    }

    /// Returns the index of a label in ``names``, or `nil` if it is not there.
    public func index(of label: String) -> Int? { names.firstIndex(of: label) }

    private init(_ tally: LabelTally, names: [String]?, of unit: String) throws(CorpusError) {
        let order = names ?? Self.order(tally.names)
        if let unknown = tally.names.first(where: { !order.contains($0) }) {
            throw CorpusError(
                description:
                    "\(tally.firstUse[unknown] ?? "the corpus") has the label \(unknown.excerpt): expected one of \(order.joined(separator: ", ")). Correct it, or add it to --labels."
            )
        }
        if let repeated = order.indices.first(where: { order[..<$0].contains(order[$0]) }) {
            throw CorpusError(
                description:
                    "the label \(order[repeated].excerpt) is listed twice: expected each label once. Correct --labels.")
        }
        if let unused = order.first(where: { tally.counts[$0, default: 0] == 0 }) {
            throw CorpusError(
                description:
                    "no \(unit) has the label \(unused.excerpt): expected examples of every label. Add some, or remove the label from --labels."
            )
        }
        guard order.count >= 2 else {
            throw CorpusError(
                description:
                    "the corpus has \(order.first.map { "only the label \($0.excerpt)" } ?? "no labels"): expected at least two. Check --label-column."
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

/// The labels in the order of their first use, with their counts.
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
