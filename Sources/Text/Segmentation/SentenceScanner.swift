/// A single pass over the text that splits it into segments wherever a rule ends a sentence.
struct SentenceScanner {
    private static let codePointsBetweenChecks = 4_096

    private let reader: ScalarReader
    private let stops: StopRules
    private let headings: HeadingRecogniser

    /// The scanner stops once there are more segments.
    private var limit = Int.max
    private var segments: [Segment] = []
    /// The beginning of the open sentence; `heading` and `bodyStart` are its heading and the beginning of its text.
    private var start = 0
    private var heading: Heading?
    private var bodyStart = 0
    private var position = 0
    /// The number of brackets opened and not yet closed in the open sentence.
    private var openBrackets = 0

    init(reader: ScalarReader) {
        self.reader = reader
        headings = HeadingRecogniser(reader: reader)
        stops = StopRules(reader: reader, headings: headings)
    }

    mutating func scan<Failure: Error>(
        atMost limit: Int, check: () throws(Failure) -> Void
    ) throws(Failure) -> [Segment] {
        self.limit = limit
        beginSentence(from: 0)
        var nextCheck = Self.codePointsBetweenChecks
        while position < reader.count, segments.count <= limit {
            if position >= nextCheck {
                try check()
                nextCheck = position + Self.codePointsBetweenChecks
            }
            let scalar = reader.scalars[position]
            switch scalar.value {
            case 0x61...0x7A, 0x20: position += 1
            case 0x0A...0x0D, 0x85, 0x2028, 0x2029: readLineBreak()
            case 0x28, 0x5B, 0x7B:
                openBrackets += 1
                position += 1
            case 0x29, 0x5D, 0x7D:
                openBrackets = max(0, openBrackets - 1)
                position += 1
            case 0x3A: readColon()
            case 0x41...0x5A: readCapital()
            case 0x2E, 0x21, 0x3F, 0x2026: readStop()
            case 0..<0x80: position += 1
            default:
                if scalar.isIdeographicStop { readStop() } else { position += 1 }
            }
        }
        endSentence(at: reader.count)
        return segments
    }

    // MARK: - Sentences

    private mutating func beginSentence(from index: Int) {
        var next = index
        // Headings and residue open segments here, so a text of nothing else must stop here.
        while segments.count <= limit {
            let blanks = reader.skipBlanks(from: next)
            start = blanks.end
            bodyStart = start
            position = start
            heading = nil
            openBrackets = 0
            if let residue = headings.residue(at: start) {
                appendResidue(residue)
                next = residue.range.upperBound
                continue
            }
            guard let found = headings.heading(at: start, opensLine: next == 0 || blanks.lineBreaks > 0) else { return }
            heading = found.heading
            bodyStart = found.bodyStart
            position = bodyStart
            // A heading directly below another one opens a segment of its own.
            guard headings.heading(at: bodyStart, opensLine: true) != nil else { return }
            appendSegment(endingAt: bodyStart)
            next = bodyStart
        }
    }

    private mutating func endSentence(at index: Int) {
        appendSegment(endingAt: index)
        beginSentence(from: index)
    }

    private mutating func appendSegment(endingAt index: Int) {
        var end = index
        while end > start, reader.scalars[end - 1].kind.isBlank { end -= 1 }
        guard end > start else { return }
        segments.append(Segment(range: start..<end, body: min(bodyStart, end)..<end, heading: heading))
    }

    /// Appends heading residue as a segment. Residue with known labels becomes a heading without text; other residue is
    /// kept as text, so that nothing is lost.
    private mutating func appendResidue(_ residue: HeadingResidue) {
        let range = residue.range
        segments.append(
            residue.roles.isEmpty
                ? Segment(range: range, body: range)
                : Segment(
                    range: range, body: range.upperBound..<range.upperBound,
                    heading: Heading(range: range, roles: residue.roles)))
    }

    // MARK: - Ends of sentences

    private var openSentence: OpenSentence {
        OpenSentence(start: start, bodyStart: bodyStart, openBrackets: openBrackets)
    }

    private mutating func readStop() {
        let stop = stops.read(at: position, in: openSentence)
        openBrackets = max(0, openBrackets - stop.closedBrackets)
        if stop.endsSentence { endSentence(at: stop.end) } else { position = stop.end }
    }

    /// Reads a line break. A blank line ends a sentence. A single line break may be wrapped text, so it ends a sentence
    /// only before a heading or bullet.
    private mutating func readLineBreak() {
        let blanks = reader.skipBlanks(from: position)
        if blanks.lineBreaks > 1 || isBullet(at: blanks.end) || headings.heading(at: blanks.end, opensLine: true) != nil
        {
            endSentence(at: position)
        } else {
            position = blanks.end
        }
    }

    /// Returns whether there is a bullet at `index`, and not a dash within a sentence.
    private func isBullet(at index: Int) -> Bool {
        let kind = reader.kind(at: index)
        let item = reader.skipListMarker(from: index)
        guard kind == .bullet || kind == .dash, item > index + 1 else { return false }
        return kind == .bullet || reader.kind(at: item) != .lower
    }

    /// Reads a colon. It may close a heading after a sentence that lacks its full stop: `in 30% RESULTS: Of`,
    /// `a question; (2) Methods: We`.
    private mutating func readColon() {
        if let headingStart = stops.headingStart(endingAtColon: position, after: bodyStart) {
            endSentence(at: headingStart)
        } else {
            position += 1
        }
    }

    private mutating func readCapital() {
        if stops.opensSentenceWithoutStop(at: position, after: openSentence) {
            endSentence(at: position)
        } else {
            position += 1
        }
    }
}
