import ArgumentParser
import Labelling
import Serving

@main
struct Rubricator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rubricator",
        abstract: "Labels every sentence of a biomedical abstract with its rhetorical role.",
        discussion: """
            Exit codes: 0 all done; 1 an input could not be labelled; 2 the checkpoint cannot be used; \
            64 the command line is wrong; 130 told twice to stop.
            """,
        version: version,
        subcommands: [Serve.self, Label.self, Evaluate.self, Bench.self, Inspect.self, Health.self])
}

extension ExitCode {
    /// An input could not be labelled.
    static let input = ExitCode(1)
    /// The checkpoint cannot be used.
    static let checkpoint = ExitCode(2)
    /// Told twice to stop; what shells give for SIGINT.
    static let interrupted = ExitCode(130)
}
