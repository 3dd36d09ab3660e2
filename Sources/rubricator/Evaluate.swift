import ArgumentParser
import Evaluation
import FoundationEssentials
import JSON
import Labelling
import Serving

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures a checkpoint on labelled abstracts.",
        discussion: """
            A corpus is JSON lines of {"id", "text", "sections": [{"label", "start", "end"}], "sentences": [the same]}, \
            ranges in code points of the text. Every abstract is labelled twice: by the sentences it comes with, and \
            from its raw text as /predict would.
            """)

    @OptionGroup var model: ModelOptions

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @Argument(help: "The corpus.")
    var corpus: String

    func run() throws {
        let environment = Environment()
        let labeller = try model.labeller(environment)
        let engine = Engine(labeller, threads: try model.threadCount(environment))
        var evaluation = AbstractEvaluation(labels: labeller.labels)
        do {
            let abstracts = try CorpusAbstract.read(
                jsonLines: try Data(contentsOf: URL(filePath: corpus)), name: corpus)
            for start in stride(from: 0, to: abstracts.count, by: 64) {
                try evaluation.add(abstracts[start..<min(start + 64, abstracts.count)], engine: engine)
            }
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.input
        }
        Terminal.print(line: json ? String(decoding: jsonFigures(evaluation), as: UTF8.self) : text(evaluation))
    }

    private func text(_ evaluation: AbstractEvaluation) -> String {
        """
        \(evaluation.abstracts) abstracts, \(evaluation.sentences.total) sentences

        Sentences as given
        \(ClassificationReport(evaluation.sentences))

        Over characters              micro F1   macro F1
          sentences as given           \(fourDigits(evaluation.characters.accuracy))     \(fourDigits(evaluation.characters.macroF1))
          raw text                     \(fourDigits(evaluation.charactersOfRawText.accuracy))     \(fourDigits(evaluation.charactersOfRawText.macroF1))

        Section boundaries with a sentence of the raw text across them: \
        \(evaluation.crossedBoundaries) of \(evaluation.boundaries) (\(fourDigits(evaluation.crossedShare * 100)) %)
        """
    }

    private func jsonFigures(_ evaluation: AbstractEvaluation) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key("abstracts")
            json.integer(evaluation.abstracts)
            for (name, matrix) in [
                ("sentences", evaluation.sentences), ("characters", evaluation.characters),
                ("characters_of_raw_text", evaluation.charactersOfRawText),
            ] {
                json.key(name)
                json.figures(matrix)
            }
            json.key("boundaries")
            json.integer(evaluation.boundaries)
            json.key("crossed_boundaries")
            json.integer(evaluation.crossedBoundaries)
        }
        return json.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func figures(_ matrix: ConfusionMatrix) {
        object { json in
            for (name, value) in [
                ("micro_f1", matrix.accuracy), ("macro_f1", matrix.macroF1), ("weighted_f1", matrix.weightedF1),
            ] {
                json.key(name)
                json.probability(value)
            }
            json.key("f1")
            json.object { json in
                for (index, label) in matrix.labels.enumerated() {
                    json.key(label)
                    json.probability(matrix.scores(index).f1)
                }
            }
            json.key("confusion")
            json.array(matrix.counts) { $0.array($1) { $0.integer($1) } }
        }
    }
}
