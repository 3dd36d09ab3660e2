internal import Model
internal import Text

/// The labels that inline headings allow for each sentence of an abstract.
///
/// A heading determines the labels of all sentences up to the next heading. The text does not show where the section of
/// the last heading ends. Therefore only the sentence with that heading is restricted to the heading's labels. The
/// sentences after it may also take labels that come later in an abstract; after CONCLUSIONS there are none.
struct HeadingConstraint {
    /// The index of the label for each role that the checkpoint has.
    private let labelOfRole: [Role: Int]

    /// Finds the roles among a checkpoint's labels. Case and a final `s` do not matter.
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

    /// The labels that one sentence may take.
    struct Allowed: Equatable {
        var labels: LabelSubset
        /// Whether the heading leaves exactly one label.
        var decided: Bool
        static let all = Allowed(labels: .all, decided: false)
    }

    /// Returns the labels that each sentence may take, `[sentences]`.
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
