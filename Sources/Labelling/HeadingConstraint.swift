internal import Model
internal import Text

/// Which labels an abstract's inline headings leave to each sentence.
///
/// A heading decides up to the next one. Past the last heading nothing in the text says where its section ends, so its
/// first sentence is decided and the ones after it may also take the label of a role that comes later in an abstract;
/// none does after CONCLUSIONS.
struct HeadingConstraint {
    /// The label each role stands for, where the checkpoint has it.
    private let labelOfRole: [Role: Int]

    /// Finds the roles among a checkpoint's labels, whatever their case and whether singular or plural.
    init(labels: [String]) {
        func plain(_ label: String) -> String {
            let upper = label.uppercased()
            return upper.hasSuffix("S") ? String(upper.dropLast()) : upper
        }
        labelOfRole = Dictionary(
            uniqueKeysWithValues: Role.allCases.compactMap { role in
                labels.firstIndex { plain($0) == plain(role.rawValue) }.map { (role, $0) }
            })
    }

    /// One sentence's labels.
    struct Allowed: Equatable {
        var labels: LabelSubset
        /// Whether there is but one.
        var decided: Bool
        static let all = Allowed(labels: .all, decided: false)
    }

    /// The labels each sentence may take, `[n]`.
    func allowed(_ sentences: [Abstract.Sentence]) -> [Allowed] {
        let last = sentences.last?.heading
        return sentences.map { sentence in
            guard let heading = sentence.heading else { return .all }
            var roles = heading.roles
            if heading == last, !sentence.range.overlaps(heading.range), let latest = roles.max() {
                roles += Role.allCases.filter { $0 > latest }
            }
            let labels = Set(roles.compactMap { labelOfRole[$0] })
            return labels.isEmpty ? .all : Allowed(labels: LabelSubset(labels), decided: labels.count == 1)
        }
    }
}
