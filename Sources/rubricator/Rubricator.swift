import ArgumentParser
import Labelling
import Serving

@main
struct Rubricator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rubricator",
        abstract: "Label every sentence of a biomedical abstract with its rhetorical role.",
        discussion: """
            Exit codes: 0 success; 1 an input cannot be read or labelled, or the service is not ready (health); 2 the checkpoint \
            or a row of a table cannot be used, or the service failed; 64 the command line is wrong; 130 a second signal stopped \
            the service.
            """,
        version: version,
        subcommands: [Serve.self, Label.self, Predict.self, Evaluate.self, Bench.self, Inspect.self, Health.self])
}

extension ExitCode {
    /// An input could not be labelled.
    static let input = ExitCode(1)
    /// A row of a CSV file cannot be used, or the file has not the columns it needs.
    static let row = ExitCode(2)
    /// The checkpoint cannot be used.
    static let checkpoint = ExitCode(2)
    /// Told twice to stop; what shells give for SIGINT.
    static let interrupted = ExitCode(130)
}
