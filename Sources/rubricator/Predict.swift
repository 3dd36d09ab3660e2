import ArgumentParser
import Console
import Corpora
import Labelling

struct Predict: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Label the texts of a CSV or JSON lines file.",
        discussion: """
            The program writes every row with all its columns to --predictions, and the predicted labels in one more column. The \
            file needs no column of true labels; if it has one, rubricator evaluate also measures the predictions. To \
            label abstracts sentence by sentence, use rubricator label.
            """)

    @OptionGroup var model: ModelOptions

    @OptionGroup(title: "Corpus") var table: PredictionOptions

    @Argument(help: "CSV or JSON lines file, optionally gzip-compressed.")
    var file: String

    func run() async throws {
        let environment = Environment()
        let engine = Engine(
            try await model.labeller(environment), threads: try model.running.threadCount(environment))
        let file = try PredictionOptions.open(file)
        try PredictionOptions.endingProgram { try table.predict(file, engine: engine) }
    }
}
