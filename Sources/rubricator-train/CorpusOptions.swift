import ArgumentParser
import Evaluation
import MLflow
import Tracking
import Training

/// How corpus files are read.
struct CorpusOptions: ParsableArguments {
    @Option(
        help:
            "The files' format: pubmed-rct, jsonl, sentence-jsonl or sentence-csv for abstracts, csv or jsonl for texts (default: told by each file)."
    )
    var format: String?

    @Option(
        help:
            "The text's column: a header's name, a number from 1 or a JSON member. May be repeated for texts of several columns."
    )
    var textColumn: [String] = []

    @Option(help: "What comes between the columns of a text.")
    var textSeparator = " "

    @Option(help: "The label's column.")
    var labelColumn: String?

    @Option(help: "What lies between several labels in one cell, such as \"|\".")
    var labelSeparator: String?

    @Option(help: "The column of a text's id, or of what the sentences of one abstract have in common.")
    var idColumn: String?

    @Option(help: "The column of a sentence's place in its abstract.")
    var orderColumn: String?

    @Option(help: "What lies between two columns of CSV (default: a comma, or a tab in .tsv).")
    var delimiter: String?

    @Flag(help: "CSV files have no header; columns are numbers from 1.")
    var noHeader = false

    @Option(
        help: ArgumentHelp(
            "The labels in order, between commas: needed where files number them (default: as found).",
            valueName: "names"))
    var labels: String?

    @Option(help: "The number of the first label, where files number them.")
    var firstLabel = 0

    @Option(
        help: ArgumentHelp(
            "Number of times each epoch reads every abstract of a training file; a fraction is drawn anew in each epoch (default: 1). May be repeated.",
            valueName: "file=number"))
    var weight: [String] = []

    /// The label names, where they are given.
    var labelNames: [String]? {
        labels.map { $0.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed } }
    }

    /// What is given here, as a run's params; the labels aside, which every run tells of itself.
    var params: [KeyValue] {
        let given: [(option: String, value: String?)] = [
            ("--format", format), ("--text-column", textColumn.isEmpty ? nil : textColumn.joined(separator: ",")),
            ("--text-separator", textSeparator == " " ? nil : textSeparator), ("--label-column", labelColumn),
            ("--label-separator", labelSeparator), ("--id-column", idColumn), ("--order-column", orderColumn),
            ("--delimiter", delimiter), ("--no-header", noHeader ? "true" : nil),
            ("--first-label", firstLabel == 0 ? nil : "\(firstLabel)"),
            ("--weight", weight.isEmpty ? nil : weight.joined(separator: ",")),
        ]
        return given.compactMap { option, value in value.map { KeyValue(option: option, $0) } }
    }

    /// Reads files to learn from, with their weights, and perhaps abstracts without labels.
    func readTraining(_ files: [String], unlabelled: [String] = [], for task: TrainingTask) throws -> LabelledCorpus {
        var weights: [String: Double] = [:]
        for text in weight {
            guard let split = text.lastIndex(of: "="), let number = Double(text[text.index(after: split)...]),
                number > 0, number <= 1_000
            else {
                throw ValidationError(
                    "--weight is \"\(text)\"; expected a training file, = and a number above 0, such as train.jsonl=2.")
            }
            let file = String(text[..<split])
            guard files.contains(file) || unlabelled.contains(file) else {
                throw ValidationError(
                    "--weight names \(file), which is none of the training files; give its path as there.")
            }
            guard weights.updateValue(number, forKey: file) == nil else {
                throw ValidationError("--weight names \(file) twice.")
            }
        }
        guard task == .sequenceLabelling || weights.isEmpty && unlabelled.isEmpty else {
            throw ValidationError("--weight and --unlabelled are for --task sequence-labelling.")
        }
        let corpus = try read(files, for: task, weights: weights)
        guard !unlabelled.isEmpty else { return corpus }
        var reader = AbstractReader()
        reader.weights = weights
        return corpus.adding(try reader.readUnlabelled(unlabelled))
    }

    /// Reads files as the task wants them.
    func read(
        _ files: [String], for task: TrainingTask, weights: [String: Double] = [:]
    ) throws -> LabelledCorpus {
        let names = LabelNames(labelNames ?? [], firstNumber: firstLabel)
        if task.readsAbstracts {
            var reader = AbstractReader(format: try format.map { try value($0, AbstractReader.Format.init) })
            reader.columns = AbstractReader.Columns(
                text: try oneTextColumn(), label: labelColumn, abstract: idColumn, order: orderColumn)
            reader.layout = try layout()
            reader.labels = names
            reader.weights = weights
            return .abstracts(try reader.read(files))
        }
        var reader = TextReader(format: try format.map { try value($0, TextReader.Format.init) })
        reader.textColumns = textColumn
        reader.textSeparator = textSeparator
        reader.labelColumn = labelColumn
        reader.labelSeparator = labelSeparator
        reader.idColumn = idColumn
        reader.layout = try layout()
        reader.labels = names
        return .texts(try reader.read(files))
    }

    private func oneTextColumn() throws -> String? {
        guard textColumn.count <= 1 else {
            throw ValidationError("--text-column is given \(textColumn.count) times; a sentence has one column.")
        }
        return textColumn.first
    }

    private func layout() throws -> CSVLayout {
        var scalar: Unicode.Scalar?
        if let delimiter {
            let named = delimiter == "\\t" ? "\t" : delimiter
            guard named.unicodeScalars.count == 1, let only = named.unicodeScalars.first, only.isASCII else {
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
        throw ValidationError("--format is \"\(name)\"; this task reads \(known).")
    }
}

extension Substring {
    fileprivate var trimmed: String {
        let kept = drop { $0 == " " }
        return String(kept.reversed().drop { $0 == " " }.reversed())
    }
}
