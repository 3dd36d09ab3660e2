import ArgumentParser
import Console
import Evaluation
import FoundationEssentials
import JSON
import Labelling

struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures a checkpoint on labelled abstracts or texts.",
        discussion: """
            A corpus is JSON lines of {"id", "text", "sections": [{"label", "start", "end"}], "sentences": [the same]}, \
            ranges in code points of the text. Every abstract is labelled twice: by the sentences it comes with, and \
            from its raw text as /predict would. A checkpoint that classifies texts, one label each, labels every \
            sentence on its own.

            A checkpoint that classifies texts is measured on a CSV file too, such as title,abstract,group: the weighted F1 comes \
            first, and the rows with what they were given are written to --predictions. A row that is no text with its labels \
            ends the program with code 2, by its line.
            """)

    @OptionGroup var model: ModelOptions

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @Flag(help: "Measure a second time with every number of the text replaced by @, as in one variant of PubMed RCT.")
    var maskNumbers = false

    @Option(
        help:
            "Write what the corpus is like, and what the model says of it, to this file: as profile.json in the checkpoint's directory it is what a service compares with."
    )
    var profile: String?

    @OptionGroup(title: "CSV") var table: TableOptions

    @Argument(help: "The corpus: JSON lines of abstracts, or CSV of texts.")
    var corpus: String

    func run() async throws {
        let environment = Environment()
        let labeller = try await model.labeller(environment)
        if TableOptions.isTable(corpus) {
            try evaluateTable(Engine(labeller, threads: try model.running.threadCount(environment)))
        } else {
            try evaluateAbstracts(labeller, environment)
        }
    }

    private func evaluateTable(_ engine: Engine) throws {
        let evaluation = try TableOptions.endingProgram { try table.evaluate(corpus, engine: engine) }
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

    private func evaluateAbstracts(_ labeller: Labeller, _ environment: Environment) throws {
        guard labeller.labelsSentences else {
            Terminal.complain(
                "the checkpoint gives texts any number of labels (\(labeller.labels.joined(separator: ", "))); a corpus of abstracts measures checkpoints that label sentences."
            )
            throw ExitCode.checkpoint
        }
        let engine = Engine(labeller, threads: try model.running.threadCount(environment))
        var evaluation = AbstractEvaluation(labels: labeller.labels)
        var masked: AbstractEvaluation?
        do {
            let abstracts = try CorpusAbstract.read(
                jsonLines: try Data(contentsOf: URL(filePath: corpus)), name: corpus)
            try evaluation.add(abstracts, engine: engine)
            if maskNumbers {
                var second = AbstractEvaluation(labels: labeller.labels)
                try second.add(abstracts.lazy.map { $0.maskingNumbers() }, engine: engine)
                masked = second
            }
            try profile.map { try evaluation.profile.write(to: $0) }
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
