/// The rhetorical role of a sentence, as in PubMed RCT (Dernoncourt & Lee 2017).
public enum Role: String, CaseIterable, Sendable, Comparable {
    /// What was known before.
    case background = "BACKGROUND"
    /// What the authors set out to find.
    case objective = "OBJECTIVE"
    /// What they did.
    case methods = "METHODS"
    /// What they found.
    case results = "RESULTS"
    /// What they make of it.
    case conclusions = "CONCLUSIONS"

    /// Orders roles as an abstract does, from background to conclusions.
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
