internal import Text

/// Replaces every number with one `@`, as in a variant of PubMed 200k RCT (Dernoncourt & Lee 2017).
///
/// A number matches the regular expression `[0-9]+(?:[.,][0-9]+)*`: `1,024.5` becomes one `@`. A full stop or comma
/// that is not followed by a digit is kept.
///
/// - Parameter text: Any text.
/// - Returns: The text with its numbers masked. All other code points are unchanged.
public func maskNumbers(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var masked: [Unicode.Scalar] = []
    masked.reserveCapacity(scalars.count)
    appendMasked(scalars[...], to: &masked)
    return string(masked)
}

extension CorpusAbstract {
    /// Returns the abstract with the numbers in its text masked as by ``maskNumbers(_:)``, and its spans adjusted.
    ///
    /// The text is masked span by span. Digits on both sides of a boundary are two numbers, so each masked sentence is
    /// the same as if the sentence were masked alone.
    public func maskingNumbers() -> CorpusAbstract {
        let scalars = SourceText(text).scalars
        var places: [Int: Int] = [:]
        var masked: [Unicode.Scalar] = []
        masked.reserveCapacity(scalars.count)
        var done = 0
        for boundary in (sections + sentences).flatMap({ [$0.start, $0.end] }).sorted() where places[boundary] == nil {
            appendMasked(scalars[done..<boundary], to: &masked)
            places[boundary] = masked.count
            done = boundary
        }
        appendMasked(scalars[done...], to: &masked)
        func moved(_ spans: [Span]) -> [Span] {
            spans.map { Span(labels: $0.labels, start: places[$0.start, default: 0], end: places[$0.end, default: 0]) }
        }
        return CorpusAbstract(
            id: id, text: string(masked), sections: moved(sections), sentences: moved(sentences))
    }
}

private func appendMasked(_ scalars: ArraySlice<Unicode.Scalar>, to masked: inout [Unicode.Scalar]) {
    var index = scalars.startIndex
    while index < scalars.endIndex {
        guard isDigit(scalars[index]) else {
            masked.append(scalars[index])
            index += 1
            continue
        }
        masked.append("@")
        index += 1
        while index < scalars.endIndex {
            if isDigit(scalars[index]) {
                index += 1
            } else if scalars[index] == "." || scalars[index] == ",", index + 1 < scalars.endIndex,
                isDigit(scalars[index + 1])
            {
                index += 2
            } else {
                break
            }
        }
    }
}

private func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar)
}

private func string(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
}
