import FoundationEssentials

/// The sequences that every engine of a comparison runs: prepared token ids, as `PEERS_WORKLOAD` names their file.
struct Workload: Decodable {
    /// One sequence an abstract: `[CLS] s1 [SEP] … sn [SEP]`.
    let joint: [[Int32]]
    /// Every sentence of an abstract its own sequence: `[CLS] s [SEP]`.
    let sentences: [[[Int32]]]

    enum CodingKeys: String, CodingKey {
        case joint = "W1"
        case sentences = "W2"
    }

    init(path: String) throws {
        self = try JSONDecoder().decode(Workload.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// The sequences of the chosen abstracts, grouped by abstract.
    func sequences(_ kind: Kind, _ chosen: [Int]?) -> [[[Int32]]] {
        (chosen ?? Array(joint.indices)).map { kind == .joint ? [joint[$0]] : sentences[$0] }
    }
}

/// Which of the two workloads.
enum Kind: String, Decodable {
    case joint = "W1"
    case sentences = "W2"
}
