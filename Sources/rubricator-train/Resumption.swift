import ArgumentParser
import Console
import MLflow

/// Says that the state is saved and how to go on, and ends the program with the signal's code.
///
/// - Parameters:
///   - state: What is saved, as a clause.
///   - resuming: Whether the command has --resume already.
/// - Returns: The code to throw.
func stopped(_ state: String, resuming: Bool) -> ExitCode {
    Terminal.show("stopped; \(state). To go on:\n  \(resumption(resuming: resuming))\n")
    return ExitCode(128 + (StopSignal.number ?? 2))
}

/// This very command with --resume, quoted for a shell; a tracking URI without its credentials.
private func resumption(resuming: Bool) -> String {
    let arguments = CommandLine.arguments + (resuming ? [] : ["--resume"])
    return arguments.map { shellWord(TrackingServer.withoutCredentials($0)) }.joined(separator: " ")
}
