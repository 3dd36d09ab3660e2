import ArgumentParser
import Console
import Evaluation
import Labelling

struct Predict: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Labels the rows of a CSV file of texts.",
        discussion: """
            All columns come back in --predictions, with the labels that the checkpoint gives in one more. The column of labels need \
            not be there; where it is, rubricator evaluate measures too. Abstracts are labelled sentence by sentence by rubricator label.
            """)

    @OptionGroup var model: ModelOptions

    @OptionGroup(title: "CSV") var table: TableOptions

    @Argument(help: "The CSV file.")
    var file: String

    func run() async throws {
        let environment = Environment()
        let engine = Engine(
            try await model.labeller(environment), threads: try model.running.threadCount(environment))
        try TableOptions.endingProgram { try table.predict(file, engine: engine) }
    }
}
