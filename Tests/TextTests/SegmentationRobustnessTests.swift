import Testing
import Text

@Suite("Segmentation of arbitrary text")
struct SegmentationRobustnessTests {
    @Test("Segments of random texts violate no invariant", arguments: 0..<8)
    func random(_ seed: UInt64) {
        var generator = SplitMix64(state: seed)
        for _ in 0..<3_000 {
            let source = SourceText(Self.text(using: &generator))
            let violation = firstViolation(of: SentenceSegmenter().segment(source), in: source)
            #expect(violation == nil, "\(source.string(in: 0..<source.count).debugDescription)")
        }
    }

    @Test("Ten million code points of any text are segmented in seconds", arguments: hostile)
    func linear(_ unit: String) {
        let count = 10_000_000 / unit.unicodeScalars.count
        let source = SourceText(String(repeating: unit, count: count))
        var found: [Segment] = []
        let elapsed = ContinuousClock().measure { found = SentenceSegmenter().segment(source) }
        #expect(firstViolation(of: found, in: source) == nil)
        #expect(elapsed < .seconds(20))
    }

    @Test("All of a hundred thousand sentences are found")
    func manySentences() {
        #expect(segments(of: String(repeating: "We saw 30 patients. ", count: 100_000)).count == 100_000)
    }

    static let hostile = [
        ".", "(", ")", "[1]", ". ", ".\"", "x", " ", "\n", "(. A", "A. ", "A:", "METHODS:", "METHODS ", "AIMS\n",
        "ab.[1]", " W",
        "患者。", "- ", "a. -      ", ". .a", "PATIENTS AND ", "; (1) Aim:", "é\u{301}", "ab.Cd", "(a.",
        ". AUTHORS' A", "Aims and The ", ". (2) A", "pain in (all men The men ",
    ]

    /// Returns a random mixture of strings that the rules examine and arbitrary code points.
    private static func text(using generator: inout some RandomNumberGenerator) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<40, using: &generator) {
            if Int.random(in: 0..<5, using: &generator) == 0 {
                if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator)) {
                    scalars.append(scalar)
                }
            } else if let piece = pieces.randomElement(using: &generator) {
                scalars.append(contentsOf: piece.unicodeScalars)
            }
        }
        return String(scalars)
    }

    private static let pieces = [
        ".", ".", ". ", " ", " ", "\n", "\r\n", "\r", "\n\n", "\t", "?", "!", "…", "。", "．", ",", ";", ":", "-", "–",
        "—", "•", "*",
        "(", ")", "[", "]", "\"", "'", "”", "“", "0", "12", "0.05", "¹", "A", "B", "i", "e.g", "i.v", "U.S", "vs", "No",
        "Fig", "al", "min",
        "We", "The", "This", "these", "cell", "Cells", "p53", "mTOR", "α", "METHODS", "Results", "Conclusion", "and",
        "/", "&", "(s)", "(1)",
        "(2) Methods:", "AUTHORS' ", ". (2) A", "group", "vitamin", "of", "\u{200B}", "\u{FEFF}", "\u{85}", "\u{2028}",
        "\u{A0}", "\u{0}", "é",
        "e\u{301}", "患者", "🫁",
    ]
}

/// A small generator with a seed (Steele, Lea & Flood 2014), so that a failing text can be reproduced.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
