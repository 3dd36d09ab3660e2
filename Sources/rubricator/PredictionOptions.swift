import ArgumentParser
import Checkpoint
import Console
import Corpora
import CorpusOptions
import Evaluation
import Labelling

/// How a table of texts is read, and where it is written with predicted labels.
struct PredictionOptions: ParsableArguments {
    @OptionGroup var corpus: CorpusOptions

    @Option(
        help:
            "Output file: all rows of the input with one more column, COLUMN_predicted, where COLUMN is the label column (default: predictions.csv, or predictions.jsonl for JSON lines)."
    )
    var predictions: String?

    /// The number of rows whose windows are in memory at a time.
    private static let together = 256

    /// Reads a file; prints the error and exits where it cannot be read.
    static func open(_ path: String) throws -> CorpusFile {
        do {
            return try CorpusFile(path: path)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.input
        }
    }

    /// Reads and writes tables; prints what is wrong with a row or a file and exits with the code for that.
    static func endingProgram<Result>(_ work: () throws -> Result) throws -> Result {
        do {
            return try work()
        } catch let error where error is CorpusError || error is LabellingError {
            Terminal.complain("\(error)")
            throw ExitCode.row
        } catch let error as ValidationError {
            throw error
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.input
        }
    }

    /// Labels a table's rows, writes them, and counts how many are right.
    ///
    /// - Throws: `CorpusError` naming the row that is at fault; `LabellingError` where the checkpoint labels sentences only; an
    ///   error of the file system.
    func evaluate(_ file: CorpusFile, engine: Engine) throws -> TextEvaluation {
        let table = try reader(engine).readTable(file, needsLabels: true)
        var evaluation = TextEvaluation(engine.labeller)
        try evaluation.add(
            table.rows.lazy.map { (id: $0.place, text: $0.text, labels: $0.labels ?? []) }, engine: engine)
        let labels = engine.labeller.labels
        try write(
            table, predicted: evaluation.predictions.items.map { item in item.given.map { labels[$0] } }, engine: engine
        )
        return evaluation
    }

    /// Labels a table's rows and writes them.
    ///
    /// - Throws: As ``evaluate(_:engine:)``.
    func predict(_ file: CorpusFile, engine: Engine) throws {
        let table = try reader(engine).readTable(file, needsLabels: false)
        let labels = engine.labeller.labels
        var predicted: [[String]] = []
        for start in stride(from: 0, to: table.rows.count, by: Self.together) {
            let rows = table.rows[start..<min(start + Self.together, table.rows.count)]
            let labelled = engine.label(try rows.map { try engine.labeller.prepare(text: $0.text) })
            predicted += labelled.map { text in text.labels.map { labels[$0] } }
        }
        try write(table, predicted: predicted, engine: engine)
    }

    private func reader(_ engine: Engine) throws -> TextReader {
        var reader = try corpus.textReader(severalLabels: !engine.labeller.labelsSentences)
        reader.labels.preferred = engine.labeller.labels
        return reader
    }

    /// Writes a table with the labels of its rows, complete or not at all.
    private func write(_ table: PredictionTable, predicted: [[String]], engine: Engine) throws {
        let path = predictions ?? "predictions.\(table.fileExtension)"
        var file = try ReplacementFile(for: path)
        try file.write(table.content(predicted: predicted, asList: !engine.labeller.labelsSentences))
        try file.commit()
        Terminal.show("\(path): \(table.rows.count) rows, \(table.predictedColumn) in the last column.\n")
    }
}
