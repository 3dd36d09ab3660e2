/// The number of items that were skipped while reading a corpus, because nothing can be learnt from them.
public struct CorpusOmissions: Sendable, Equatable, CustomStringConvertible {
    /// The number of sentences or whole texts that are empty or only whitespace.
    public var blankTexts = 0
    /// The number of abstracts in which every sentence is blank, or that have no sentences.
    public var emptyAbstracts = 0

    /// Creates counts of zero.
    public init() {}

    /// Whether nothing was skipped.
    public var isEmpty: Bool { self == CorpusOmissions() }

    /// A clause such as "skipped 2 blank sentences or texts and 1 abstract without sentences".
    public var description: String {
        guard !isEmpty else { return "skipped nothing" }
        var parts: [String] = []
        if blankTexts > 0 {
            parts.append("\(blankTexts) blank \(blankTexts == 1 ? "sentence or text" : "sentences or texts")")
        }
        if emptyAbstracts > 0 {
            parts.append("\(emptyAbstracts) \(emptyAbstracts == 1 ? "abstract" : "abstracts") without sentences")
        }
        return "skipped " + parts.joined(separator: " and ")
    }
}
