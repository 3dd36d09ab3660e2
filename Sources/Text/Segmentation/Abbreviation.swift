/// Rules for a full stop after an abbreviation: whether it can also end the sentence.
enum Abbreviation {
    /// Never ends a sentence, because more always follows: `e.g.`, `Fig.`, `Dr.`
    case neverEnds
    /// Usually precedes a number: `No. 5`, `Nov. 12`. Ends a sentence only before a capitalised word without a digit.
    case beforeNumeral
    /// Ends a sentence only before a word that typically opens one: `et al. The`, `U.S. The`, not `U.S. Army`.
    case endsBeforeOpener
    /// A unit or similar. Ends a sentence before a capital and, after a number, also before a number or name:
    /// `20 mg. Patients`, but not `min. after`.
    case unit

    /// The capitalisation of a word: `ms.` is a unit and `Ms.` a title, but `MS` is not an abbreviation.
    enum Form { case small, capitalised, capitals }

    /// Returns the rule for `word` in this form, or `nil` if it is not a known abbreviation.
    static func of(_ word: PackedWord, _ form: Form) -> Abbreviation? {
        table[Key(word: word, form: form)]
    }

    private struct Key: Hashable {
        var word: PackedWord
        var form: Form
    }

    private static let table: [Key: Abbreviation] = {
        var table: [Key: Abbreviation] = [:]
        for (abbreviation, list) in lists {
            for word in list.split(whereSeparator: \.isWhitespace) {
                guard let packed = PackedWord(word.unicodeScalars) else { continue }
                for form in forms(of: word) { table[Key(word: packed, form: form)] = abbreviation }
            }
        }
        return table
    }()

    /// Returns the forms in which a listed word is recognised. A word listed in lower case is also recognised with a
    /// capital, as at the beginning of a sentence, unless it is so short that it would be ambiguous.
    private static func forms(of word: Substring) -> [Form] {
        let capitals = word.unicodeScalars.prefix(2).prefix { $0.kind == .upper }.count
        switch capitals {
        case 0: return word.count > 2 ? [.small, .capitalised] : [.small]
        case 1: return [.capitalised]
        default: return [.capitals]
        }
    }

    private static let lists: [(Abbreviation, String)] = [
        (
            .neverEnds,
            """
            vs VS Vs eg Eg ie viz cf Cf ca approx fig figs tab Tabs eq Eq eqs Eqn Dr Drs Prof Profs Mr Mrs Ms
            Messrs Rev Hon Lt Col Capt Sgt Gov incl excl esp ref refs subsp ssp subg subgen nr Nr nrs pv bv
            """
        ),
        (
            .beforeNumeral,
            """
            no No NO nos vol Vol vols pp Art Sect Chap Suppl suppl Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec exp expt
            exps Obs ver vers Pt reg
            """
        ),
        (
            .endsBeforeOpener,
            """
            al Inc Ltd Co Corp GmbH Bros resp sp spp var cv syn gen fam aff auct str St Mt Ft Ave Blvd Jr Sr univ dept inst
            Hosp Natl Int Intl Sci biol chem Med clin surg Eur Assoc Soc Acad Calif Mass Penn Wash Ariz Colo Conn Fla Minn Tex
            Wis Mich Ed Eds ed eds trans orig misc est max avg std sd sem temp conc diam equiv physiol pharm psych neurol anat
            lab labs prep preps Ae An Cx Cs Staph Strep Ps Pr Bact Kleb Salm Lact Bif Myco Ph Sc
            """
        ),
        (
            .unit,
            """
            min mins sec secs hr hrs wk wks mo mos yr yrs mg kg ml dl mcg mmol wt hosp pts pt mol ft lb lbs oz sq ms etc
            """
        ),
    ]
}
