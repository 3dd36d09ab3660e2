/// A kind of baseline with its settings.
public enum BaselineSettings: Sendable, Equatable {
    case tfidfSGD(LinearSettings)
    case boostedTrees(TreeSettings)
    case gru(RecurrentSettings)

    /// Creates the default settings of a kind.
    public init(_ kind: BaselineKind) {
        switch kind {
        case .tfidfSGD: self = .tfidfSGD(LinearSettings())
        case .boostedTrees: self = .boostedTrees(TreeSettings())
        case .gru: self = .gru(RecurrentSettings())
        }
    }

    /// The kind of baseline.
    public var kind: BaselineKind {
        switch self {
        case .tfidfSGD: .tfidfSGD
        case .boostedTrees: .boostedTrees
        case .gru: .gru
        }
    }
}

extension BaselineSettings: Codable {
    private enum Member: String, CodingKey {
        case model, settings
    }

    /// Reads `{"model": …, "settings": {…}}`.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        switch try members.decode(BaselineKind.self, forKey: .model) {
        case .tfidfSGD: self = .tfidfSGD(try members.decode(LinearSettings.self, forKey: .settings))
        case .boostedTrees: self = .boostedTrees(try members.decode(TreeSettings.self, forKey: .settings))
        case .gru: self = .gru(try members.decode(RecurrentSettings.self, forKey: .settings))
        }
    }

    /// Writes `{"model": …, "settings": {…}}`.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(kind, forKey: .model)
        switch self {
        case .tfidfSGD(let settings): try members.encode(settings, forKey: .settings)
        case .boostedTrees(let settings): try members.encode(settings, forKey: .settings)
        case .gru(let settings): try members.encode(settings, forKey: .settings)
        }
    }
}
