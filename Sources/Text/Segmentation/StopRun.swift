/// The stops at one place and what closes with them: `.`, `?!`, `. . .`, `.)`, `.”`.
struct StopRun {
    let start: Int
    var end: Int
    private(set) var closedBrackets = 0
    /// `?` or `!` is among them.
    private(set) var isQuestion = false
    /// Three stops or more, or `…`.
    private(set) var isEllipsis = false
    private(set) var isIdeographic = false
    /// `.).`, `..`: the first stop is an abbreviation's, the second the sentence's.
    private(set) var hasSecondStop = false
    /// One full stop and nothing else.
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
                // A quote right before a word opens the next sentence.
                let next = reader.kind(at: index + 1)
                guard next.isBlank || next == .terminator || next == .closing || next == .quote else { break scan }
            case .whitespace:
                // Tokenised dots: `. . .`
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
