/// The label of a sentence: its rhetorical role in the abstract, as in PubMed RCT (Dernoncourt & Lee 2017).
public enum Role: String, CaseIterable, Sendable, Comparable {
    /// Knowledge before the study.
    case background = "BACKGROUND"
    /// The aim of the study.
    case objective = "OBJECTIVE"
    /// The methods of the study.
    case methods = "METHODS"
    /// The findings of the study.
    case results = "RESULTS"
    /// The authors' conclusions from the findings.
    case conclusions = "CONCLUSIONS"

    /// Orders labels as they appear in an abstract, from background to conclusions.
    public static func < (lhs: Role, rhs: Role) -> Bool { lhs.order < rhs.order }

    private var order: Int {
        switch self {
        case .background: 0
        case .objective: 1
        case .methods: 2
        case .results: 3
        case .conclusions: 4
        }
    }
}
