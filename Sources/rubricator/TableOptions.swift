import ArgumentParser
import Checkpoint
import Console
import Evaluation
import FoundationEssentials
import Labelling

/// Where a CSV file has texts and labels, and where it goes with those that a checkpoint gives.
struct TableOptions: ParsableArguments {
    @Option(
        help:
            "A CSV file's column of the text; several where a text is put together from several (default: title and abstract)."
    )
    var textColumn: [String] = []

    @Option(help: "A CSV file's column of the labels; those given are in the same name with _predicted.")
    var labelColumn = "group"

    @Option(help: "What lies between several labels in one cell of a CSV file.")
    var labelSeparator = "|"

    @Option(help: "What lies between two columns of a CSV file (default: a comma, or a tab in .tsv).")
    var delimiter: String?

    @Option(help: "Where a CSV file is written with the labels that are given.")
    var predictions = "predictions.csv"

    /// Rows whose windows are in memory at a time.
    private static let together = 256

    /// Whether a file is one of these by its name.
    static func isTable(_ file: String) -> Bool { file.hasSuffix(".csv") || file.hasSuffix(".tsv") }

    func validate() throws { _ = try delimiter(of: "") }

    /// Reads a table.
    ///
    /// - Throws: `CorpusError` naming the row that is at fault; an error of the file system.
    func read(_ file: String, needsLabels: Bool) throws -> CorpusTable {
        let text = textColumn.isEmpty ? ["title", "abstract"] : textColumn
        let columns = CorpusTable.Columns(
            text: text, label: labelColumn, labelSeparator: labelSeparator, delimiter: try delimiter(of: file))
        return try CorpusTable(
            csv: Array(try Data(contentsOf: URL(filePath: file))), name: file, columns: columns,
            needsLabels: needsLabels)
    }

    /// Does what reads and writes tables; says what is wrong with a row or a file and ends the program with the code for that.
    static func endingProgram<Result>(_ work: () throws -> Result) throws -> Result {
        do {
            return try work()
        } catch let error where error is CorpusError || error is LabellingError {
            Terminal.complain("\(error)")
            throw ExitCode.row
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.input
        }
    }

    /// Labels a table's rows, writes them, and counts how many are right.
    ///
    /// - Throws: `CorpusError` naming the row that is at fault; `LabellingError` where the checkpoint labels sentences only; an error
    ///   of the file system.
    func evaluate(_ file: String, engine: Engine) throws -> TextEvaluation {
        let table = try read(file, needsLabels: true)
        var evaluation = TextEvaluation(engine.labeller)
        try evaluation.add(
            table.rows.lazy.map { (id: $0.place, text: $0.text, labels: $0.labels ?? []) }, engine: engine)
        let labels = engine.labeller.labels
        try write(table, given: evaluation.predictions.items.map { item in item.given.map { labels[$0] } })
        return evaluation
    }

    /// Labels a table's rows and writes them.
    ///
    /// - Throws: As ``evaluate(_:engine:)``.
    func predict(_ file: String, engine: Engine) throws {
        let table = try read(file, needsLabels: false)
        let labels = engine.labeller.labels
        var given: [[String]] = []
        for start in stride(from: 0, to: table.rows.count, by: Self.together) {
            let rows = table.rows[start..<min(start + Self.together, table.rows.count)]
            let labelled = engine.label(try rows.map { try engine.labeller.prepare(text: $0.text) })
            given += labelled.map { text in text.labels.map { labels[$0] } }
        }
        try write(table, given: given)
    }

    /// Writes a table with the labels of its rows, complete or not at all.
    func write(_ table: CorpusTable, given: [[String]]) throws {
        var file = try ReplacementFile(for: predictions)
        try file.write(table.csv(with: given))
        try file.commit()
        Terminal.show("\(table.rows.count) rows are in \(predictions), \(labelColumn)_predicted in the last column.\n")
    }

    private func delimiter(of file: String) throws -> UInt8 {
        let named = delimiter == "\\t" ? "\t" : delimiter ?? (file.hasSuffix(".tsv") ? "\t" : ",")
        guard named.utf8.count == 1, let byte = named.utf8.first, byte < 0x80, !"\"\r\n".utf8.contains(byte) else {
            throw ValidationError("--delimiter is \"\(named)\"; expected one ASCII character, or \\t.")
        }
        return byte
    }
}
