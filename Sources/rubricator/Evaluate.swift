import ArgumentParser
import Console
import Corpora
import CorpusOptions
import Evaluation
import JSON
import Labelling

struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a checkpoint on labelled abstracts or texts.",
        discussion: """
            The corpus is any file that rubricator-train can train on. Abstracts are labelled twice: from the sentences they come \
            with, and from their raw text as /predict labels them. A text classifier with one label per text labels every \
            sentence separately.

            For texts, such as CSV with the columns title, abstract and group, the weighted F1 comes first, and the rows are \
            written to --predictions with their predicted labels. If a row has no text or an unknown label, the program \
            prints its line number and exits with code 2.
            """)

    @OptionGroup var model: ModelOptions

    @Flag(help: "Print the metrics as JSON.")
    var json = false

    @Flag(
        help:
            "Also evaluate with every number of the text replaced by @, as in the variant of PubMed RCT with masked numbers."
    )
    var maskNumbers = false

    @Option(
        help:
            "File to write statistics of the corpus and its predictions to. Store it as profile.json in the checkpoint's directory to enable drift monitoring."
    )
    var profile: String?

    @OptionGroup(title: "Corpus") var table: PredictionOptions

    @Argument(help: "Corpus file, optionally gzip-compressed.")
    var corpus: String

    func run() async throws {
        let environment = Environment()
        let labeller = try await model.labeller(environment)
        let file = try PredictionOptions.open(corpus)
        if !labeller.labelsTexts || table.corpus.readsAbstracts(file) {
            try evaluateAbstracts(file, labeller, environment)
        } else {
            try evaluateTable(file, Engine(labeller, threads: try model.running.threadCount(environment)))
        }
    }

    private func evaluateTable(_ file: CorpusFile, _ engine: Engine) throws {
        let evaluation = try PredictionOptions.endingProgram { try table.evaluate(file, engine: engine) }
        if json {
            var json = JSONWriter()
            json.figures(evaluation)
            Terminal.print(line: String(decoding: json.bytes, as: UTF8.self))
            return
        }
        let (weighted, confusions): (Double, String) =
            switch evaluation.results {
            case .oneLabel(let matrix, _): (matrix.weighted.f1, "\(matrix)")
            case .anyLabels(let predictions): (predictions.counts.weighted.f1, "\(LabelConfusions(predictions.counts))")
            }
        Terminal.print(line: "weighted F1 \(fourDigits(weighted))\n\n\(evaluation.report)\n\n\(confusions)")
    }

    private func evaluateAbstracts(_ file: CorpusFile, _ labeller: Labeller, _ environment: Environment) throws {
        guard labeller.labelsSentences else {
            Terminal.complain(
                "the checkpoint assigns any number of labels to whole texts (\(labeller.labels.joined(separator: ", "))), but the corpus holds abstracts; choose a corpus of texts, or a checkpoint that labels sentences."
            )
            throw ExitCode.checkpoint
        }
        let engine = Engine(labeller, threads: try model.running.threadCount(environment))
        var evaluation = AbstractEvaluation(labels: labeller.labels)
        var masked: AbstractEvaluation?
        do {
            var reader = try table.corpus.abstractReader()
            reader.labels.preferred = labeller.labels
            let read = try reader.readTexts(file)
            if !read.omissions.isEmpty { Terminal.show("\(corpus): \(read.omissions)\n") }
            let abstracts = read.items
            try evaluation.add(abstracts, engine: engine)
            if maskNumbers {
                var second = AbstractEvaluation(labels: labeller.labels)
                try second.add(abstracts.lazy.map { $0.maskingNumbers() }, engine: engine)
                masked = second
            }
            try profile.map { try evaluation.profile.write(to: $0) }
        } catch let error as ValidationError {
            throw error
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.input
        }
        if json {
            Terminal.print(line: String(decoding: figures(evaluation, masked: masked), as: UTF8.self))
        } else {
            Terminal.print(line: AbstractReport(evaluation, masked: masked).description)
        }
    }

    private func figures(_ evaluation: AbstractEvaluation, masked: AbstractEvaluation?) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.members(evaluation)
            if let masked {
                json.key("numbers_masked")
                json.object { $0.members(masked) }
            }
        }
        return json.bytes
    }
}
