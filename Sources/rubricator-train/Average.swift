public import ArgumentParser
import Console
import Runs
public import Training

struct Average: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Average the weights of checkpoints.",
        discussion: """
            Averaging the weights of runs that differ only in the seed, or of a checkpoint and its successor, often gives a \
            better checkpoint than any one of them. This is not guaranteed: check the result with rubricator evaluate.
            """)

    @Option(help: "Directory to write to.")
    var out: String

    @Option(help: "Name of the averaged model (default: the name of the output directory).")
    var name: String?

    @Option(help: "Format of the stored weights: f16 or f32.")
    var storage = Recipe.Storage.f16

    @Argument(help: "Directories of checkpoints with the same configuration.")
    var checkpoints: [String]

    func run() throws {
        try endingProgram(on: "one of the checkpoints") {
            let directory = RunDirectory(path: out)
            try CheckpointAverage(checkpoints).write(to: directory, name: name ?? directory.name, storage: storage)
            Terminal.show("\(out): the average of \(checkpoints.count) checkpoints.\n")
        }
    }
}

extension Recipe.Storage: ExpressibleByArgument {}
