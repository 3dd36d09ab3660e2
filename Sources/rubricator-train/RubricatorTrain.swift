import ArgumentParser

@main
struct RubricatorTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rubricator-train",
        abstract: "Trains checkpoints for rubricator.",
        discussion: """
            Exit codes: 0 done; 1 a corpus cannot be used; 2 the base checkpoint cannot be used; 3 the output directory or \
            the saved state cannot be used; 4 the run diverged; 5 there is not enough memory; 64 the command line is \
            wrong; 130 or 143 stopped by a signal, and can be resumed.
            """,
        subcommands: [Fit.self])
}

extension ExitCode {
    /// A corpus cannot be used.
    static let corpus = ExitCode(1)
    /// The base checkpoint cannot be used.
    static let checkpoint = ExitCode(2)
    /// The output directory or the saved state cannot be used.
    static let output = ExitCode(3)
    /// The loss or the gradient is no longer finite.
    static let divergence = ExitCode(4)
    /// There is not enough memory.
    static let memory = ExitCode(5)
}
