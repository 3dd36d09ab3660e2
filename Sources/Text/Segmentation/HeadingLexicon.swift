/// The known headings of structured abstracts, with the label of the text below each.
enum HeadingLexicon {
    /// Returns the labels of a heading, sorted, or an empty array if the heading is unknown.
    ///
    /// A heading that is not listed as a whole is split at `/`, `,`, `&` and `and`. Then every part must be listed.
    /// `heading` is in lower case, with single spaces and without `(s)`.
    static func roles(of heading: String) -> [Role] {
        if let role = table[heading] { return [role] }
        var found: Set<Role> = []
        for part in parts(of: heading) {
            guard let role = table[part] else { return [] }
            found.insert(role)
        }
        return found.sorted()
    }

    /// Returns whether any known heading starts with `word`. This cheap check rejects most sentences.
    static func opensHeading(_ word: PackedWord) -> Bool { firstWords.contains(word) }

    private static func parts(of heading: String) -> [String] {
        var parts: [String] = []
        var words: [Substring] = []
        func close() {
            if !words.isEmpty { parts.append(words.joined(separator: " ")) }
            words = []
        }
        for word in heading.split(separator: " ") {
            if word == "and" || word == "&" || word == "," || word == "/" {
                close()
            } else {
                words.append(word)
            }
        }
        close()
        return parts
    }

    private static let table: [String: Role] = {
        var table: [String: Role] = [:]
        for (role, list) in lists {
            for heading in list.split(whereSeparator: \.isNewline) {
                for name in heading.split(separator: ";") {
                    table[name.split(separator: " ").joined(separator: " ")] = role
                }
            }
        }
        return table
    }()

    private static let firstWords = Set(
        table.keys.compactMap { heading in
            PackedWord(heading.unicodeScalars.prefix { $0 != " " && $0 != "-" && $0 != "'" })
        })

    private static let lists: [(Role, String)] = [
        (
            .background,
            """
            background; backgrounds; context; introduction; importance; rationale; overview; motivation; premise
            background data; summary background data; summary of background data; background information; study background
            background context; research background; clinical background; clinical context; scientific background; general background
            what is known; what is already known; what is known on this topic; what is already known on this topic
            what is known about this topic; what is already known about this topic; what is known on the subject; what is already known about this subject
            current knowledge; state of the art; state of knowledge; problem; the problem; problem statement; statement of the problem
            statement of problem; problem addressed; study rationale; rationale for the study; scientific rationale
            ethnopharmacological relevance; ethnopharmacology relevance; knowledge gap
            issue addressed; issues addressed; issue; public health importance; basic research advances
            """
        ),
        (
            .objective,
            """
            objective; objectives; aim; aims; purpose; purposes; goal; goals; question; questions; hypothesis; hypotheses
            main objective; main objectives; primary objective; primary objectives; secondary objective; secondary objectives
            specific aim; specific aims; study objective; study objectives; study aim; study aims; study goal; study purpose; study hypothesis
            research question; research questions; study question; study questions; clinical question; clinical questions; review question; review questions
            research objective; research objectives; research aim; research aims; research hypothesis; research purpose; working hypothesis
            aim of the study; aims of the study; aim of study; aims of study; objective of the study; objectives of the study; goal of the study
            purpose of the study; purpose of study; purpose of this study; aim of this study; aims of this study; objective of this study
            aim of the work; aim of work; aim of the review; purpose of review; purpose of the review; purpose of this review
            purpose of the research; objective of review; objectives of the review; overall objective; general objective
            overall aim; primary aim; primary aims; secondary aims; study focus; null hypothesis; research problem; aim of the paper; intent
            """
        ),
        (
            .methods,
            """
            method; methods; methodology; methodologies; methodologic approach; methodological approach; methods used; approach; approaches; procedure; procedures
            materials; material; materials and methods; material and methods; materials and method; material and method; methods and materials
            patients and methods; patients and method; subjects and methods; subjects and method; participants and methods; patients and materials
            design; designs; study design; study designs; research design; trial design; experimental design; design of study; design of the study
            research design and methods; design and methods; design and method; design and setting; methods and design; methods and analysis
            method and analysis; study design and methods; study type; type of study; type of review; study population; study sample; study group; study groups
            setting; settings; study setting; study settings; location; study location; place; place and duration of study; duration; study period; time frame; timeframe
            participant; participants; patient; patients; subject; subjects; population; populations; sample; samples; sample size; cohort; cases
            animals; animal; animal model; study participants; study subjects; study patients; patient population; patient sample
            patient selection; patients selection; subject selection; target population; participant selection; eligibility; eligibility criteria
            inclusion criteria; exclusion criteria; selection; selection criteria; study eligibility criteria; study eligibility
            intervention; interventions; exposure; exposures; main exposure; main exposures; treatment; treatments; therapy; comparison; comparisons; comparator; comparators
            control; controls; index test; reference standard; predictor; predictors; randomization; randomisation; allocation; blinding
            measurement; measurements; main measurement; main measurements; measure; measures; main measure; main measures
            instrument; instruments; tools; outcome measure; outcome measures; main outcome measure; main outcome measures
            main outcome; main outcomes; main study outcomes; primary outcome; primary outcomes; secondary outcome; secondary outcomes; outcomes measured; outcome measured
            primary outcome measure; primary outcome measures; secondary outcome measure; secondary outcome measures
            primary and secondary outcome measures; primary and secondary outcomes; outcomes and measures; outcome and measures; main outcomes and measures
            main outcomes and measure; main outcome and measures; main outcome and measure; measurements and main outcomes; measures and main outcomes
            endpoint; endpoints; end points; primary endpoint; primary endpoints; outcome variables; outcome parameters; variables; dependent variables; independent variables
            primary and secondary endpoints; main variables; variables of interest; outcome assessment; assessment; assessments; main outcome parameters
            data source; data sources; sources; data; data collection; data extraction; data extraction and synthesis; data analysis; data analyses
            data selection; data collection and analysis; data sources and study selection; data retrieval; data acquisition; sources of data; evidence acquisition
            source of data; information sources; search; search strategy; search methods; literature search; search method; searches
            study selection; study selection and data extraction; study identification; review methods; review method; study appraisal; synthesis methods
            study appraisal and synthesis methods; synthesis; study inclusion; sources of information; study methods; quality assessment; risk of bias; selection of studies
            analysis; analyses; statistical analysis; statistical analyses; statistics; statistical methods; statistical method; statistical tests; statistical test
            analytic approach; perspective; model; models; modeling; modelling; study perspective; intervention type; evaluation design
            experiment; experiments; experimental; experimental approach; experimental procedures; methods and procedures; principal procedures; techniques; technique; surgical technique
            method of study; methods of study; methods and patients; methods and setting; protocol; process; strategy; implementation; study variables
            ethics; ethical approval; recruitment; evaluation; evaluations; evaluation methods; design setting; case selection; review design; time horizon; mechanism
            """
        ),
        (
            .results,
            """
            result; results; finding; findings; main results; main result; main finding; main findings; principal findings; key findings; key results; key finding
            primary results; preliminary results; initial results; study results; research findings; overall results; outcome; outcomes; observations; observation
            results of base-case analysis; results of base case analysis; results of sensitivity analysis; results of analysis; results of study
            results of the base-case analysis; results of the sensitivity analysis; results of data synthesis; review findings; review results
            measurements and results; measurements and main results; measurements and findings; data synthesis; evidence synthesis; main outcome results
            outcome results; major findings; major results; expected results; expected outcomes; anticipated results; evaluation results
            case; case report; case reports; case presentation; case presentations; case description; case descriptions; case summary; case history
            principal results; recent findings; summary of findings; clinical findings; clinical results
            clinical presentation; adverse effects; adverse events; safety; statistical results; achievements; effects; impact; what this study found; diagnosis; diagnoses; patient concerns
            """
        ),
        (
            .conclusions,
            """
            conclusion; conclusions; concluding remarks; concluding statement; interpretation; interpretations; discussion; discussions; comment; comments; commentary
            significance; implication; implications; clinical relevance; clinical significance; clinical implication; clinical implications; relevance
            relevance to clinical practice; relevance for clinical practice; clinical relevance statement; clinical application; clinical applications
            implications for practice; implications for research; implications for clinical practice; implications for nursing; implications for policy
            implications for nursing practice; implications for rehabilitation; implications for nursing management; implications for public health
            implications for practice and research; implications for health care; implications for future research; practice implications; practice implication
            practical implications; policy implications; research implications; managerial implications; nursing implications; public health implications
            limitation; limitations; strengths; strength; study limitations; strengths and limitations; limitations and strengths; caution; reasons for caution; limitations of the study
            wider implications; wider implications of the findings; what this study adds; what this paper adds; what this adds; what is new; what the study adds; so what
            take-home message; take home message; take-home messages; key message; key messages; key point; key points; main message; lessons; lesson; lessons learned
            summary; summaries; summary statement; in summary; in conclusion; summary and conclusion; summary and conclusions; highlights; practical application; practical applications; future directions
            author's conclusion; author's conclusions; authors' conclusion; authors' conclusions; reviewer's conclusions; reviewers' conclusions; authors conclusions
            main conclusion; main conclusions; overall conclusion; general conclusion; study conclusions; conclusions of the study; clinical perspective; perspectives; application; applications
            recommendation; recommendations; recommendations for practice; conclusions and relevance; translational perspective; translational significance
            novelty; generalizability; generalisability; general significance; biological significance; public health relevance; translational relevance; originality
            contribution; contributions; consequences; outlook; prospects; advances in knowledge; what this study adds to the field; final comment
            """
        ),
    ]
}
