import Corpora
import ArgumentParser
import Baselines
import Console
import CorpusOptions
import Evaluation
import Kernels
import Training

struct EvaluateBaseline: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures a trained baseline on other data.",
        discussion: "The data are read as fit reads them. Checkpoints are measured by rubricator evaluate.")

    @Argument(help: "The baseline's directory.")
    var baseline: String

    @Option(parsing: .upToNextOption, help: "Files to measure it on, perhaps compressed by gzip.")
    var test: [String]

    @Option(help: "Threads that share the arithmetic (default: the cores this process may use).")
    var threads: Int?

    @OptionGroup(title: "Corpus") var corpus: CorpusOptions

    func validate() throws {
        if test.isEmpty { throw ValidationError("--test needs a file.") }
        if let threads, !(1...1_024).contains(threads) {
            throw ValidationError("--threads is \(threads); expected a whole number from 1 to 1024.")
        }
    }

    func run() throws {
        try endingProgram(on: "the baseline \(baseline)") {
            let trained = try Baseline(path: baseline)
            let test = try corpus.read(test, for: trained.recipe.task)
            if let omitted = test.omitted { Terminal.show("test data: \(omitted)\n") }
            let predictions = try trained.predictions(for: test, threads: threads ?? AvailableProcessors.count)
            Terminal.print(line: predictions.report)
        }
    }
}
