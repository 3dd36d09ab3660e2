import Text

/// How the labels of a file are named.
public struct LabelNames: Sendable, Equatable {
    /// Every label's name; none where the file's own names are used.
    public var names: [String]
    /// The number that stands for the first of ``names``, where a file numbers its labels: 0 on the Hugging Face hub, 1
    /// in AG News.
    public var firstNumber: Int

    /// The labels a file may have.
    ///
    /// - Parameters:
    ///   - names: In the order of their numbers; none for whatever names the file has.
    ///   - firstNumber: What the first is numbered.
    public init(_ names: [String] = [], firstNumber: Int = 0) {
        self.names = names
        self.firstNumber = firstNumber
    }

    /// The name of what a file has for a label: a name, or the number of one.
    ///
    /// Where no names are given, a rhetorical role in other case ("Methods") is that role ("METHODS"), as files on the
    /// Hugging Face hub differ in this; any other name is taken as it is.
    func name(of found: String, file: String, line: Int) throws(CorpusError) -> String {
        let found = found.trimmed
        guard !names.isEmpty else {
            guard !found.isEmpty else {
                throw CorpusError(
                    file: file, line: line, "expected a label, found nothing; fill it in or delete the line.")
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
            "expected one of the labels \(names.joined(separator: ", ")), or its number from \(firstNumber) to \(last); found \(found.excerpt). Correct the line or the list of labels."
        )
    }
}
