public import ArgumentParser
public import Corpora

/// How corpus files are read: the same options for training, evaluation and prediction.
public struct CorpusOptions: ParsableArguments {
    @Option(
        help:
            "Format of the files: pubmed-rct, jsonl, sentence-jsonl or sentence-csv for abstracts, csv or jsonl for texts (default: detected for each file)."
    )
    var format: String?

    @Option(
        help:
            "Column of the text: a name in the header, a number from 1, or a JSON member. Repeat it to join several columns (default: text or sentence; for texts else title and abstract)."
    )
    var textColumn: [String] = []

    @Option(help: "Text between two joined columns.")
    var textSeparator = " "

    @Option(help: "Column of the true labels (default: label; for texts also labels or group).")
    var labelColumn: String?

    @Option(
        help:
            "Text between several labels in one cell, such as \"|\" (default: | if a text may have several labels).")
    var labelSeparator: String?

    @Option(help: "Column of a text's id, or of the id that the sentences of one abstract share.")
    var idColumn: String?

    @Option(help: "Column of a sentence's position in its abstract.")
    var orderColumn: String?

    @Option(help: "Character between two columns of CSV (default: a comma, or a tab in .tsv).")
    var delimiter: String?

    @Flag(help: "CSV files have no header; columns are numbers from 1.")
    var noHeader = false

    @Option(
        help: ArgumentHelp(
            "Names of the labels in order, separated by commas. Required if the files number the labels (default: the names in the files).",
            valueName: "names"))
    var labels: String?

    @Option(help: "Number of the first label, if the files number the labels.")
    var firstLabel = 0

    /// Options without values.
    public init() {}

    /// The label names that `--labels` gives; `nil` where it is absent.
    public var labelNames: [String]? {
        labels.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed) }
    }

    /// The options that were given, with their values; the label names aside.
    public var given: [(option: String, value: String)] {
        let options: [(option: String, value: String?)] = [
            ("--format", format), ("--text-column", textColumn.isEmpty ? nil : textColumn.joined(separator: ",")),
            ("--text-separator", textSeparator == " " ? nil : textSeparator), ("--label-column", labelColumn),
            ("--label-separator", labelSeparator), ("--id-column", idColumn), ("--order-column", orderColumn),
            ("--delimiter", delimiter), ("--no-header", noHeader ? "true" : nil),
            ("--first-label", firstLabel == 0 ? nil : "\(firstLabel)"),
        ]
        return options.compactMap { option, value in value.map { (option, $0) } }
    }

    /// Checks what can be checked without a file.
    public func validate() throws { _ = try layout() }

    /// Whether a file is to be read as abstracts of sentences, and not as texts, by `--format` or else by its content.
    ///
    /// - Parameter file: The file.
    /// - Returns: Whether the file holds abstracts.
    public func readsAbstracts(_ file: CorpusFile) -> Bool {
        guard let format else { return file.holdsWholeAbstracts }
        let isOfAbstracts = AbstractReader.Format(rawValue: format) != nil
        let isOfTexts = TextReader.Format(rawValue: format) != nil
        return isOfAbstracts && (!isOfTexts || file.holdsWholeAbstracts)
    }

    /// The reader of labelled abstracts that the options describe.
    ///
    /// - Throws: `ValidationError` naming the option that has no such value.
    public func abstractReader() throws -> AbstractReader {
        guard textColumn.count <= 1 else {
            throw ValidationError(
                "--text-column is given \(textColumn.count) times; pass it once, because a sentence is in one column."
            )
        }
        var reader = AbstractReader(format: try format.map { try value($0, AbstractReader.Format.init) })
        reader.columns = AbstractReader.Columns(
            text: textColumn.first, label: labelColumn, abstract: idColumn, order: orderColumn)
        reader.layout = try layout()
        reader.labels = LabelNames(labelNames ?? [], firstNumber: firstLabel)
        return reader
    }

    /// The reader of labelled texts that the options describe.
    ///
    /// - Parameter severalLabels: Whether a text may have several labels.
    /// - Returns: The reader.
    /// - Throws: `ValidationError` naming the option that has no such value.
    public func textReader(severalLabels: Bool) throws -> TextReader {
        var reader = TextReader(format: try format.map { try value($0, TextReader.Format.init) })
        reader.textColumns = textColumn
        reader.textSeparator = textSeparator
        reader.labelColumn = labelColumn
        reader.labelSeparator = labelSeparator ?? (severalLabels ? "|" : nil)
        reader.idColumn = idColumn
        reader.layout = try layout()
        reader.labels = LabelNames(labelNames ?? [], firstNumber: firstLabel)
        return reader
    }

    private func layout() throws -> CSVLayout {
        var scalar: Unicode.Scalar?
        if let delimiter {
            let named = delimiter == "\\t" ? "\t" : delimiter
            guard named.unicodeScalars.count == 1, let only = named.unicodeScalars.first, only.isASCII,
                !["\"", "\r", "\n"].contains(only)
            else {
                throw ValidationError("--delimiter is \"\(delimiter)\"; expected one ASCII character, or \\t.")
            }
            scalar = only
        }
        return CSVLayout(delimiter: scalar, hasHeader: !noHeader)
    }

    private func value<Format: CaseIterable & RawRepresentable<String>>(
        _ name: String, _ make: (String) -> Format?
    ) throws -> Format {
        if let format = make(name) { return format }
        let known = Format.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--format is \"\(name)\"; expected one of: \(known).")
    }
}

extension Substring {
    /// The text without spaces at its ends.
    fileprivate var trimmed: String {
        let kept = drop { $0 == " " }
        return String(kept.reversed().drop { $0 == " " }.reversed())
    }
}
