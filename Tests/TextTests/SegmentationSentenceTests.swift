import Testing
import Text

/// A text with `|` between the expected sentences.
struct SentenceCase: CustomTestStringConvertible, Sendable {
    var name: String
    var marked: String

    init(_ name: String, _ marked: String) {
        self.name = name
        self.marked = marked
    }

    var testDescription: String { name }
    var text: String { String(marked.filter { $0 != "|" }) }
    var sentences: [String] { marked.split(separator: "|").map { trimmed($0) }.filter { !$0.isEmpty } }

    private func trimmed(_ part: Substring) -> String {
        let start = part.drop(while: \.isWhitespace)
        return String(String(start.reversed().drop(while: \.isWhitespace)).reversed())
    }
}

@Suite("Sentence boundaries")
struct SegmentationSentenceTests {
    @Test("A sentence ends where a reader would end it", arguments: numbers + abbreviations + letters + marks)
    func wordsAndMarks(_ row: SentenceCase) { check(row) }

    @Test("A sentence begins where a reader would begin it", arguments: beginnings + missingStops + glued + citations)
    func beginningsOfSentences(_ row: SentenceCase) { check(row) }

    @Test("Line breaks and lists separate sentences where a reader would expect it", arguments: lines + lists)
    func layout(_ row: SentenceCase) { check(row) }

    private func check(_ row: SentenceCase) {
        let text = SourceText(row.text)
        #expect(segments(of: row.text).map { text.string(in: $0.range) } == row.sentences)
    }

    static let numbers: [SentenceCase] = [
        .init("decimals", "The dose was 0.05 mg or .05 mg or 1·2 mg daily. |It was safe."),
        .init("a p value at the end", "Pain fell with p < 0.05. |Sleep did not change."),
        .init("a p value in brackets at the end", "Pain fell (P = .03). |Sleep did not change."),
        .init("a count in brackets", "The control group (n = 32) was older. |None left."),
        .init("a decimal split in two", "Pain fell (P < 0. 05) in both arms. |None left."),
        .init("a zero that ends a sentence", "The lowest score was 0. |We kept it."),
        .init("a year", "We recruited until 2019. |Follow-up took two years."),
        .init("version numbers", "We used release 1.2.3 of the tool. |It is free."),
        .init("a number opens the sentence", "Screening took a year. |10 patients were enrolled."),
        .init("a percentage", "Response was 45%. |No one relapsed."),
        .init("superscript units", "Mean BMI was 31 kg/m². |All were adults."),
    ]

    static let abbreviations: [SentenceCase] = [
        .init("versus", "Drug vs. Placebo differed. |So did drug vs. surgery."),
        .init("for example and that is", "Some drugs, e.g. Aspirin, i.e. NSAIDs, were stopped. |Others were not."),
        .init("et al. within a sentence", "Miller et al. Found less (Kay et al., 2004). |We found more."),
        .init("et al. at the end", "This confirms Miller et al. |The effect is small."),
        .init("etc.", "They took tea, coffee, etc. |Patients slept badly."),
        .init("figures", "See Fig. 2 and Figs. S3 and 4. |Fig. 5 shows more."),
        .init("a numbered item", "Grant No. 5 and no. ABC12 paid for it. |Was there a benefit? |No. |There was harm."),
        .init("titles", "Dr. Smith and Prof. Jones saw them at St. Mary Hospital. |They agreed."),
        .init("approximations", "It took approx. 5 days, ca. 7 nights, cf. Table 2. |All slept."),
        .init("respectively", "Rates were 2 and 3%, resp. in men. |Women had 4 and 5%, resp. |The rest had none."),
        .init(
            "ranks of species",
            "We grew Vicia spp. and Salmonella enterica subsp. enterica var. Copenhagen. |Both grew."),
        .init("a rank at the end", "All isolates were Candida spp. |The rest were yeasts."),
        .init("months", "It ran from Jan. 3 to Sept. 9 in 2010. |It ended in Dec. |Patients left."),
        .init("routes", "Saline was given i.v. twice and s.c. Humira once. |The drug was given i.m. |Patients slept."),
        .init(
            "countries",
            "The U.S. population grew. |Data came from the U.S. |The rest came from the U.K. National Archive."),
        .init("an acronym with full stops", "The U.S.A. Army paid. |No one else did."),
        .init("times of day", "Blood was drawn at 8 a.m. and 5 p.m. |The samples were frozen."),
        .init("companies", "Sold by Acme Inc. Boston and by Zeta Ltd. |We had no role."),
        .init(
            "units",
            "Each took 5 min. of rest and 20 mg. of drug. |They rested 5 min. |Others took 30 mg. |Some slept 2 wk. |All left."
        ),
        .init("a compound unit", "Flow was 120 ml/min. |115 patients were treated."),
        .init("a unit like a title", "Latency was 500 ms. |Errors were rare."),
        .init("an acronym like a title", "Balance is poor in MS. |Gait is worse."),
        .init("degrees", "She holds a Ph.D. in physics. |He has none."),
        .init("an abbreviation closed by a bracket", "Mice (fed by gavage, i.v., etc.) Were weighed. |They grew."),
        .init("an abbreviation before the sentence's full stop", "We tested pigs (sows, boars, etc.). |None died."),
        .init("the author of a plant name", "Leaves of Aquilaria agallocha (Roxb.) Gilg were dried. |They smelled."),
        .init(
            "authors of a sentence in brackets",
            "It spread (Dr. Snow found the pump. He closed it.) |The end came soon."),
    ]

    static let letters: [SentenceCase] = [
        .init("initials", "We thank J. B. Smith and R. Jones. |They helped."),
        .init("hyphenated initials", "We thank J.-P. Martin. |He helped."),
        .init("species with a lower-case name", "E. coli and C. elegans grew. |We saw S. aureus too."),
        .init("species with a capitalised name", "Blood grew S. Typhi and S. Paratyphi. |No one died."),
        .init("a vitamin at the end", "All children lacked vitamin D. |We gave it."),
        .init("a virus at the end", "Many had hepatitis B. |Patients were told."),
        .init("a group at the end", "Fewer fell in group A. |The rest walked."),
        .init("a group before a plain word", "Pain fell in group C. |Bupivacaine was given."),
        .init("groups joined by and", "It did not differ between groups A and B. |Bleeding was rare."),
        .init("a letter before an opener", "Both lost lamin Q. |However, cells lived."),
        .init("a temperature", "Cells were kept at 37 C. |Cultures grew."),
        .init("a degree sign", "Cells were kept at 37 °C. |Cultures grew."),
        .init("hours", "Rats slept for 24 h. |Brains were cut."),
        .init("a Roman numeral", "All had stage IV. |Median survival was short."),
        .init("circa", "Rice came after c. 5000 years. |It stayed."),
    ]

    static let marks: [SentenceCase] = [
        .init("questions", "Does it work? |We asked 30 people."),
        .init("exclamations", "It works! |We asked why."),
        .init("both", "Does it work?! |We think so."),
        .init("a question that runs on", "The item \"tired?\" was dropped. |So was another."),
        .init("ellipses", "They waited ... and left. |Then nothing... |We stopped."),
        .init("one-character ellipsis", "They waited… and left. |Then nothing… |We stopped."),
        .init("a closing bracket", "(All were adults.) |Most were women."),
        .init("a closing quote", "They said \"it hurts.\" |We stopped."),
        .init("a closing typographic quote", "They said “it hurts.” |We stopped."),
        .init("a quotation mark before the full stop", "They said “it hurts”. |We stopped."),
        .init("an opening quote", "We asked them. |“Pain” was common."),
        .init("no sentence ends inside brackets", "We saw few (see above. The rest left) deaths. |Most lived."),
        .init("a bracket never closed", "We saw few (see above. |The rest left. |Most lived."),
        .init("semicolons", "Ten left; Twenty stayed; none died."),
        .init("a space before the full stop", "Few were found . |The rest left . |None died ."),
        .init("two full stops", "Few were found.. |The rest left. . |None died."),
        .init("a comma after the full stop", "Isolates came from one hospital., |We typed them."),
        .init("no final full stop", "Ten left. |Twenty stayed"),
        .init("a missing full stop", "Survival was longer in both arms |We conclude that it works."),
        .init("a capital in a name", "The Let Us Play and We Can programmes ran. |None failed."),
        .init("full-width full stops", "患者は回復した。|死亡はなかった。|Was it safe？|はい！"),
        .init("full-width decimal point", "値は1．5だった。|次は2だった。"),
        .init("only marks", "..."),
        .init("one word", "Pain"),
        .init("nothing", ""),
        .init("only whitespace", " \t\r\n\u{A0}\u{3000} "),
    ]

    static let beginnings: [SentenceCase] = [
        .init("a gene", "We sequenced it. |p53 was mutated."),
        .init("a gene in mixed case", "Growth stopped. |mTOR was blocked."),
        .init("a Greek letter", "Tangles grew. |α-Synuclein did not."),
        .init("a microRNA", "We profiled them. |miR-21 rose."),
        .init("an acronym with a lower-case letter", "Kidneys failed. |eGFR fell."),
        .init("a lower-case word", "Trials were pooled. |we found ten."),
        .init("a lower-case word that continues the sentence", "Costs were discounted. and a rate was used."),
        .init("an unknown abbreviation", "We caught An. gambiae and Ae. aegypti. |Both bite."),
        .init("an isotope", "Tumours were scanned. |[18F]EFA enters the brain."),
        .init("a copyright sign", "It helps. |© The Authors."),
        .init("a value after a full stop", "It fell (vs. baseline. = 3) soon. |It rose."),
    ]

    static let missingStops: [SentenceCase] = [
        .init("before The", "Pain is still poorly understood in children |The present trial asked why."),
        .init("before In", "Few trials of this drug were done in COVID-19 |In this trial we did one."),
        .init("before To", "The burden on carers has not yet been described |To describe it we asked them."),
        .init("before Neither", "Blood was drawn before and after each of the meals |Neither meal did harm."),
        .init("before a number word", "The scale was not valid in its short version (VAS) |Thirty men filled it in."),
        .init("before A total", "All the men were seen by a nurse and a surgeon |A total of 30 came back."),
        .init("after a percentage", "The share of those who came back was only 47.5% |These men were older."),
        .init("after an acronym", "We do not know which of the two drugs is better in ALS |The trial will tell."),
        .init("a letter that names a thing", "Pain was much lower at both visits in group A than in group B."),
        .init(
            "a list within a sentence",
            "We had two questions about the pain: (1) To what is it due, and (ii) Is it bad?"),
        .init("a title", "We were supported throughout this long trial by The Lancet and In Vivo."),
        .init(
            "a capital after a function word", "The name of the first of these programmes was that of The first men."),
        .init("inside brackets", "The rest slept well (which had been our hope The rest being old) and left."),
        .init("an unlisted heading", "It hurts. |Trial registration This trial was registered."),
    ]

    static let glued: [SentenceCase] = [
        .init("a word and an opener", "We formed two groups.|Results were alike."),
        .init("a word and a plain word", "It improves reading.|Phonology matters less."),
        .init("a bracket", "It fell (p = 0.001).|Conclusions were drawn."),
        .init("a number", "It fell by p < 0.001.|Patients left."),
        .init("a ratio", "The dose was 5 mg/d.|After a month it rose."),
        .init("a heading", "It fell by 3.|CONCLUSIONS: It works."),
        .init("file names", "The file gene.Name holds it, and so does my.data.Table too."),
        .init("addresses", "See www.Site.Org/The.Page, https://doi.org/10.1000/Ab.The12 or jo.We@site.Com for more."),
        .init("registries", "It is registered at www.ClinicalTrials.gov and doi:10.1/j.The.2. |It ended."),
        .init("a list of drugs", "We gave b.i.d.Aspirin and t.i.d.Ibuprofen. |They helped."),
        .init("a question", "Does it work?|We asked."),
    ]

    static let citations: [SentenceCase] = [
        .init("in brackets", "It was shown.[12] |We agree."),
        .init("several in brackets", "It was shown.[3, 4–6] |We agree."),
        .init("a bare number", "It was shown.12 |We agree."),
        .init("bare numbers", "It was shown.1,3-5 |We agree."),
        .init("superscripts", "It was shown.¹² |We agree."),
        .init("after a bracket", "It was shown (twice).12 |We agree."),
        .init("no citation after an abbreviation", "See fig.2 The rest is hidden."),
        .init("no citation after a number", "It rose by 2.12 The rest fell."),
        .init("at the end", "It was shown.12"),
    ]

    static let lines: [SentenceCase] = [
        .init("wrapped text", "We enrolled thirty patients with\nasthma from two\nClinics in Oslo. |None\nleft."),
        .init("a full stop at the end of a line", "We enrolled thirty.\n|None left.\n|we closed."),
        .init("an abbreviation at the end of a line", "We compared drug vs.\nPlacebo in men."),
        .init("a blank line", "We enrolled thirty\n\n|None left"),
        .init("a blank line of spaces", "We enrolled thirty\n \t \n|none left"),
        .init("Windows line ends", "We enrolled\r\nthirty.\r\n|None left\r\n\r\n|All lived"),
        .init("a blank line after an abbreviation", "We compared drug vs.\n\n|Placebo was cheap."),
        .init("a blank line inside brackets", "We compared (two.\n\n|Drugs) in men."),
        .init("tabs", "We enrolled\tthirty.\t|None left."),
        .init("a line separator", "We enrolled thirty.\u{2028}|None left."),
        .init("no-break and wide spaces", "We enrolled thirty.\u{A0}|None\u{3000}left."),
    ]

    static let lists: [SentenceCase] = [
        .init("numbers in sentences", "We asked 1) who, (2) when and (iii) why. |None knew."),
        .init(
            "numbers that begin sentences", "There were two aims. |(1) We asked who. |(b) We asked when. |(ii) We left."
        ),
        .init("numbers with a full stop", "1. We asked who. |2. We asked when."),
        .init("letters and Roman numerals with a full stop", "A. Patients came. |II. They left."),
        .init("numbers after semicolons", "It has two parts: 1. the head; 2. the tail. |Both move."),
        .init("a count after a colon", "Cases seen in all: 12. |The rest left."),
        .init("bullets", "• We asked who\n|• we asked when\n|- We left\n|* They stayed"),
        .init("a dash within wrapped text", "We asked patients\n– and nurses – to wait. |None did."),
    ]
}
