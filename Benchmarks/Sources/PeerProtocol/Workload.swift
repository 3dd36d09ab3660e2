import FoundationEssentials

/// The sequences that every engine of a comparison runs: token ids from the file that `PEERS_WORKLOAD` names.
struct Workload: Decodable {
    /// One sequence per abstract: `[CLS] s1 [SEP] … sn [SEP]`.
    let joint: [[Int32]]
    /// One sequence per sentence, grouped by abstract: `[CLS] s [SEP]`.
    let sentences: [[[Int32]]]

    enum CodingKeys: String, CodingKey {
        case joint = "W1"
        case sentences = "W2"
    }

    init(path: String) throws {
        self = try JSONDecoder().decode(Workload.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// Returns the sequences of the chosen abstracts, grouped by abstract; `nil` chooses all.
    func sequences(_ kind: Kind, _ chosen: [Int]?) -> [[[Int32]]] {
        (chosen ?? Array(joint.indices)).map { kind == .joint ? [joint[$0]] : sentences[$0] }
    }
}

/// The kind of workload.
enum Kind: String, Decodable {
    case joint = "W1"
    case sentences = "W2"
}
