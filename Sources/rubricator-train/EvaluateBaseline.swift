import ArgumentParser
import Baselines
import Console
import Corpora
import CorpusOptions
import Evaluation
import Kernels
import Training

struct EvaluateBaseline: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Evaluate a trained baseline on other data.",
        discussion: "The data are read as fit reads them. To evaluate a checkpoint, use rubricator evaluate.")

    @Argument(help: "Directory of the baseline.")
    var baseline: String

    @Option(parsing: .upToNextOption, help: "Test files, optionally gzip-compressed.")
    var test: [String]

    @Option(help: "Number of threads (default: the cores this process may use).")
    var threads: Int?

    @OptionGroup(title: "Corpus") var corpus: CorpusOptions

    func validate() throws {
        if test.isEmpty { throw ValidationError("--test needs at least one file.") }
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
