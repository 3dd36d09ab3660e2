import Testing
import Text

/// A text, and the heading that one of its segments is expected to have.
struct HeadingCase: CustomTestStringConvertible, Sendable {
    var text: String
    var heading: String
    var roles: [Role]
    var body: String

    init(_ text: String, _ heading: String, _ roles: [Role], _ body: String) {
        self.text = text
        self.heading = heading
        self.roles = roles
        self.body = body
    }

    var testDescription: String { text.debugDescription }
}

/// A text with `|` between its segments, and the labels of the headings in it that have no text of their own.
struct ResidueCase: CustomTestStringConvertible, Sendable {
    var sentences: SentenceCase
    var roles: [[Role]]

    init(_ name: String, _ marked: String, _ roles: [[Role]]) {
        sentences = SentenceCase(name, marked)
        self.roles = roles
    }

    var testDescription: String { sentences.testDescription }
}

@Suite("Inline headings")
struct SegmentationHeadingTests {
    @Test("A heading is recognised with its labels and the text after it", arguments: marks + combined + places)
    func recognised(_ row: HeadingCase) throws {
        let text = SourceText(row.text)
        let segment = try #require(segments(of: row.text).first { $0.heading != nil })
        let heading = try #require(segment.heading)
        #expect(text.string(in: heading.range) == row.heading)
        #expect(heading.roles == row.roles)
        #expect(text.string(in: segment.body) == row.body)
    }

    static let marks: [HeadingCase] = [
        .init("METHODS: We asked.", "METHODS", [.methods], "We asked."),
        .init("Methods: we asked.", "Methods", [.methods], "we asked."),
        .init("Methods : We asked.", "Methods", [.methods], "We asked."),
        .init("RESULTS:Of 30, two left.", "RESULTS", [.results], "Of 30, two left."),
        .init("RESULTS:- Of 30, two left.", "RESULTS", [.results], "Of 30, two left."),
        .init("RESULTS:: Of 30, two left.", "RESULTS", [.results], "Of 30, two left."),
        .init("Conclusion. We agree.", "Conclusion", [.conclusions], "We agree."),
        .init("Conclusion.We agree.", "Conclusion", [.conclusions], "We agree."),
        .init("CONCLUSION. mTOR matters.", "CONCLUSION", [.conclusions], "mTOR matters."),
        .init("Study Design. Cohort study.", "Study Design", [.methods], "Cohort study."),
        .init("Results – Thirty came.", "Results", [.results], "Thirty came."),
        .init("Results—30 came.", "Results", [.results], "30 came."),
        .init("Results - Thirty came.", "Results", [.results], "Thirty came."),
        .init("METHODS\nWe asked.", "METHODS", [.methods], "We asked."),
        .init("Methods\r\n\r\nWe asked.", "Methods", [.methods], "We asked."),
        .init("METHODS Thirty patients came.", "METHODS", [.methods], "Thirty patients came."),
        .init("Objective To find out.", "Objective", [.objective], "To find out."),
        .init("MAIN OUTCOME MEASURE(S): Pain.", "MAIN OUTCOME MEASURE(S)", [.methods], "Pain."),
        .init("Patients: 30 with asthma.", "Patients", [.methods], "30 with asthma."),
        .init("PATIENTS: 30. All had asthma.", "PATIENTS", [.methods], "30."),
        .init("AUTHORS’ CONCLUSIONS: It works.", "AUTHORS’ CONCLUSIONS", [.conclusions], "It works."),
        .init("Take-home message: Sleep.", "Take-home message", [.conclusions], "Sleep."),
        .init(
            "Results of base-case analysis: It was cheap.", "Results of base-case analysis", [.results], "It was cheap."
        ),
    ]

    static let combined: [HeadingCase] = [
        .init("BACKGROUND/AIMS: Pain.", "BACKGROUND/AIMS", [.background, .objective], "Pain."),
        .init("Background and Aims: Pain.", "Background and Aims", [.background, .objective], "Pain."),
        .init("AIMS & BACKGROUND: Pain.", "AIMS & BACKGROUND", [.background, .objective], "Pain."),
        .init("Methods and Results - We asked.", "Methods and Results", [.methods, .results], "We asked."),
        .init(
            "Methodology/Principal Findings: We asked.", "Methodology/Principal Findings", [.methods, .results],
            "We asked."),
        .init(
            "Design, Setting, and Participants : A cohort.", "Design, Setting, and Participants", [.methods],
            "A cohort."),
        .init("Patients and Methods: We asked.", "Patients and Methods", [.methods], "We asked."),
        .init("Conclusions/Significance: It works.", "Conclusions/Significance", [.conclusions], "It works."),
    ]

    static let places: [HeadingCase] = [
        .init("It hurts. AIM: To help.", "AIM", [.objective], "To help."),
        .init("It hurts.AIM: To help.", "AIM", [.objective], "To help."),
        .init("It hurts\nAims: to help.", "Aims", [.objective], "to help."),
        .init("It hurts in 30% RESULTS: Of 30, two left.", "RESULTS", [.results], "Of 30, two left."),
        .init("It hurts more; (2) Methods: We asked.", "Methods", [.methods], "We asked."),
        .init("(1) Background: It hurts.", "Background", [.background], "It hurts."),
        .init("• Results: It hurts.", "Results", [.results], "It hurts."),
        .init("It came from the U.S. METHODS: We asked.", "METHODS", [.methods], "We asked."),
        .init("It hurts. CONCLUSIONS:", "CONCLUSIONS", [.conclusions], ""),
        .init("It hurts.\nConclusions\n", "Conclusions", [.conclusions], ""),
        .init("METHODS:\nDesign: A cohort.", "METHODS", [.methods], ""),
    ]

    @Test(
        "Text that only looks like a heading is not recognised as one",
        arguments: [
            "Results were good.",
            "Findings of this kind are rare.",
            "Methods used included: two tests.",
            "The aims: to help and to heal.",
            "It had good results: all lived.",
            "In the control arm Results: none were seen.",
            "Patients with asthma: 30 came.",
            "Background noise - a nuisance - was measured.",
            "Patients-reported pain fell.",
            "We had two aims. the aims: to help.",
            "Methods and Mortality: none died.",
            "Patient A showed a shift.",
            "CASE 1 was a man.",
            "Summary Of Findings is a table.",
            "We compared drug vs. Control. The drug won.",
            "methods: none.",
            "Patients\nwith asthma came.",
            "Keywords: pain; sleep.",
            "Trial registration: none.",
        ])
    func none(_ text: String) {
        #expect(segments(of: text).allSatisfy { $0.heading == nil })
    }

    @Test("The remains of a removed heading do not become part of the next sentence", arguments: residues)
    func residue(_ row: ResidueCase) {
        let text = SourceText(row.sentences.text)
        let found = segments(of: row.sentences.text)
        #expect(found.map { text.string(in: $0.range) } == row.sentences.sentences)
        #expect(found.compactMap { $0.heading?.roles } == row.roles)
        #expect(found.allSatisfy { $0.heading == nil || $0.body.isEmpty })
    }

    static let residues: [ResidueCase] = [
        .init("authors", "It hurts. |AUTHORS' |There is little to say.", [[.conclusions]]),
        .init("reviewers, typographic", "It hurts (P = .03). |REVIEWERS’ |We agree.", [[.conclusions]]),
        .init("one author", "It hurts. |AUTHOR'S |A trial is due.", [[.conclusions]]),
        .init(
            "before an acronym", "It hurts. |AUTHORS' |NSAIDs help. |AUTHORS' |TENS may help.",
            [[.conclusions], [.conclusions]]),
        .init(
            "before a number or name", "It hurts. |AUTHORS' |30 left. |AUTHORS' |mHealth may help.",
            [[.conclusions], [.conclusions]]),
        .init("no residue: the words begin another heading", "It hurts. |AUTHORS' AFFILIATIONS: One centre.", []),
        .init("no residue: the words begin a sentence", "It hurts. |AUTHORS' names were hidden. |Authors' There.", []),
        .init("a listed heading and", "It hurts. |PATIENTS AND |A total of 30 men came.", [[.methods]]),
        .init("before a name", "It hurts. |Materials and |A Markov model was run.", [[.methods]]),
        .init("before a number word", "It hurts. |Main findings and |Twelve men came.", [[.results]]),
        .init("an ampersand", "It hurts. |Objective & |We wanted to help.", [[.objective]]),
        .init("a misspelt heading and", "It hurts. |Metods and |In this study we asked.", []),
        .init("names joined by and", "It hurts. |April and May were cold. |Oslo and The Hague were, too.", []),
        .init("things joined by and", "It hurts. |Patients and Nurses slept. |Ebola and A were seen.", []),
        .init("a list from one", "It hurts. |(1) It burns. |(2) It stings. |(3) It aches. |(4) It itches.", []),
        .init("a list from two", "It hurts. |(2) It burns. |(3) It stings.", []),
        .init("a list in a sentence", "We asked (2) who. |(3) It stings. |(4) It aches.", []),
    ]

    @Test("Only the first segment after a heading contains it")
    func opensOneSegment() {
        let text = "METHODS: We asked. They told. RESULTS: It hurts."
        let source = SourceText(text)
        let found = segments(of: text)
        #expect(
            found.map { source.string(in: $0.range) } == ["METHODS: We asked.", "They told.", "RESULTS: It hurts."])
        #expect(found.map { $0.heading?.roles } == [[.methods], nil, [.results]])
    }

    @Test("Labels sort from background to conclusions")
    func order() {
        #expect(Role.allCases.reversed().sorted() == [.background, .objective, .methods, .results, .conclusions])
    }
}
