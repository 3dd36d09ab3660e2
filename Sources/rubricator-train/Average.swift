import Runs
import ArgumentParser
import Console
import Training

struct Average: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Averages the weights of checkpoints.",
        discussion: """
            For runs from one base with other seeds, or one run and what it was trained on to: their mean is often better \
            than each. Measure it with rubricator evaluate before believing so.
            """)

    @Option(help: "The directory to write to.")
    var out: String

    @Option(help: "The averaged model's own name (default: the output directory's).")
    var name: String?

    @Option(help: "How the weights are stored: f16 or f32.")
    var storage = Recipe.Storage.f16

    @Argument(help: "Directories of checkpoints of one configuration.")
    var checkpoints: [String]

    func run() throws {
        try endingProgram(on: "one of the checkpoints") {
            let directory = RunDirectory(path: out)
            try CheckpointAverage(checkpoints).write(to: directory, name: name ?? directory.name, storage: storage)
            Terminal.show("The average of \(checkpoints.count) checkpoints is in \(out).\n")
        }
    }
}
