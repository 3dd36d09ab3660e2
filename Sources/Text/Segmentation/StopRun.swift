/// A run of stops and the marks that close with them: `.`, `?!`, `. . .`, `.)`, `.”`.
struct StopRun {
    let start: Int
    var end: Int
    private(set) var closedBrackets = 0
    /// Whether the run contains `?` or `!`.
    private(set) var isQuestion = false
    /// Whether the run has at least three stops or contains `…`.
    private(set) var isEllipsis = false
    private(set) var isIdeographic = false
    /// Whether the run has two stops, as in `.).` or `..`: the first ends an abbreviation, the second the sentence.
    private(set) var hasSecondStop = false
    /// Whether the run is one stop and nothing else.
    let isSingle: Bool

    init(reader: ScalarReader, at position: Int) {
        start = position
        var stops = 0
        var index = position
        scan: while index < reader.count {
            let scalar = reader.scalars[index]
            switch scalar.kind {
            case .terminator:
                if closedBrackets > 0 { hasSecondStop = true }
                if scalar == "…" { isEllipsis = true }
                if scalar == "?" || scalar == "!" { isQuestion = true }
                if scalar.isIdeographicStop { isIdeographic = true }
                stops += 1
            case .closing:
                if scalar == ")" || scalar == "]" || scalar == "}" { closedBrackets += 1 }
            case .quote:
                // A quote directly before a word opens the next sentence.
                let next = reader.kind(at: index + 1)
                guard next.isBlank || next == .terminator || next == .closing || next == .quote else { break scan }
            case .whitespace:
                // Accept dots separated by spaces, as tokenised text has them: `. . .`
                guard reader.scalar(at: index + 1) == ".", !reader.kind(at: index + 2).isWordPart else { break scan }
            default: break scan
            }
            index += 1
        }
        end = index
        if stops > 2, !isQuestion { isEllipsis = true }
        if stops == 2 { hasSecondStop = true }
        isSingle = end == position + 1
    }
}
