/// What a corpus holds that nothing can be learnt from: it is left out, and counted here.
public struct CorpusOmissions: Sendable, Equatable, CustomStringConvertible {
    /// Sentences, or whole texts, of white space only.
    public var blankTexts = 0
    /// Abstracts without any sentence that is not blank.
    public var emptyAbstracts = 0

    /// Nothing left out.
    public init() {}

    /// Whether everything was kept.
    public var isEmpty: Bool { self == CorpusOmissions() }

    /// A clause such as "left out 2 blank sentences or texts and 1 abstract without sentences".
    public var description: String {
        guard !isEmpty else { return "left out nothing" }
        var parts: [String] = []
        if blankTexts > 0 {
            parts.append("\(blankTexts) blank \(blankTexts == 1 ? "sentence or text" : "sentences or texts")")
        }
        if emptyAbstracts > 0 {
            parts.append("\(emptyAbstracts) \(emptyAbstracts == 1 ? "abstract" : "abstracts") without sentences")
        }
        return "left out " + parts.joined(separator: " and ")
    }
}
