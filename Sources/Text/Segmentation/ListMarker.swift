/// Recognises the markers of list items.
extension ScalarReader {
    /// Returns the position after a bullet, `(1)`, `1)`, `a)` or `1.` and the whitespace that follows, or `start` if
    /// there is no marker.
    func skipListMarker(from start: Int) -> Int {
        let isBullet = kind(at: start) == .bullet || kind(at: start) == .dash
        guard let end = isBullet ? start + 1 : endOfLabel(from: start) else { return start }
        let text = skipBlanks(from: end)
        // A closing bracket ends a marker even without whitespace: `(1)Methods`, but not `1.5` or `-5`.
        return text.lineBreaks == 0 && (text.end > end || scalar(at: end - 1) == ")") ? text.end : start
    }

    private func endOfLabel(from start: Int) -> Int? {
        let label = scalar(at: start) == "(" ? start + 1 : start
        var end = label
        while end < label + 4, isListLabel(end) { end += 1 }
        guard end > label else { return nil }
        switch scalar(at: end) {
        case ")": return end + 1
        case ".": return label == start ? end + 1 : nil
        default: return nil
        }
    }

    /// Returns whether a label such as `(1)`, `1)` or `(ii)` ends at `end`.
    func endsInListLabel(_ end: Int) -> Bool {
        var start = end - 1
        guard scalar(at: start) == ")" else { return false }
        while end - start < 6, isListLabel(start - 1) { start -= 1 }
        let before = kind(at: start - 1)
        return start < end - 1 && (before == .opening || before.isBlank)
    }

    /// Returns whether the code point is a digit or a letter used in short lists and Roman numerals: `a` to `m`, `v`,
    /// `x`.
    private func isListLabel(_ index: Int) -> Bool {
        guard let value = scalar(at: index)?.value else { return false }
        return 0x30...0x39 ~= value || 0x61...0x6D ~= value || value == 0x76 || value == 0x78
    }
}
