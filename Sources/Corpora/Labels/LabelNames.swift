import Text

/// The names of the labels in a file.
public struct LabelNames: Sendable, Equatable {
    /// The label names in the order of their numbers; empty to use the names in the file.
    public var names: [String]
    /// The number of the first label in ``names``, for files that number the labels: 0 on the Hugging Face hub, 1 in AG
    /// News.
    public var firstNumber: Int
    /// The labels of a checkpoint to be evaluated. A name that differs from one of them only in case is that label. Used
    /// only without ``names``.
    public var preferred: [String] = []

    /// Creates the names of the labels that a file may contain.
    ///
    /// - Parameters:
    ///   - names: The label names in the order of their numbers; empty to use the names in the file.
    ///   - firstNumber: The number of the first label.
    public init(_ names: [String] = [], firstNumber: Int = 0) {
        self.names = names
        self.firstNumber = firstNumber
    }

    /// Returns the label name for a value in the file, which is a name or a number.
    ///
    /// Without ``names``, a role in another case ("Methods") becomes that role ("METHODS"), because files on the Hugging
    /// Face hub differ in case. Any other name is returned unchanged.
    func name(of found: String, file: String, line: Int) throws(CorpusError) -> String {
        let found = found.trimmed
        guard !names.isEmpty else {
            guard !found.isEmpty else {
                throw CorpusError(
                    file: file, line: line, "expected a label, found nothing; fill it in or delete the line.")
            }
            let upper = found.uppercased()
            if let label = preferred.first(where: { $0 == found })
                ?? preferred.first(where: { $0.uppercased() == upper })
            {
                return label
            }
            return found.utf8.count <= 11 ? Role(rawValue: found.uppercased())?.rawValue ?? found : found
        }
        if names.contains(found) { return found }
        if let number = Int(found) {
            let (index, overflow) = number.subtractingReportingOverflow(firstNumber)
            if !overflow, names.indices.contains(index) { return names[index] }
        }
        let (last, _) = firstNumber.addingReportingOverflow(names.count - 1)
        throw CorpusError(
            file: file, line: line,
            "expected one of the labels \(names.joined(separator: ", ")), or its number from \(firstNumber) to \(last); found \(found.excerpt). Correct the line, --labels or --first-label."
        )
    }
}
