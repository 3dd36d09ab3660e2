import ArgumentParser
import Console
import MLflow

/// Tells the user that the state is saved and how to resume, and returns the exit code of the signal.
///
/// - Parameters:
///   - state: The saved state, as a clause.
///   - resuming: Whether the command has --resume already.
/// - Returns: The exit code to throw.
func stopped(_ state: String, resuming: Bool) -> ExitCode {
    Terminal.show("stopped; \(state). To resume:\n  \(resumption(resuming: resuming))\n")
    return ExitCode(128 + (StopSignal.number ?? 2))
}

/// The present command with --resume, quoted for a shell; credentials are removed from a tracking URI.
private func resumption(resuming: Bool) -> String {
    let arguments = CommandLine.arguments + (resuming ? [] : ["--resume"])
    return arguments.map { shellWord(TrackingServer.withoutCredentials($0)) }.joined(separator: " ")
}
