import ArgumentParser
import Console

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

/// This very command with --resume, quoted for a shell.
private func resumption(resuming: Bool) -> String {
    let arguments = CommandLine.arguments + (resuming ? [] : ["--resume"])
    return arguments.map { argument in
        let isPlain = argument.utf8.allSatisfy { byte in
            let scalar = Unicode.Scalar(byte)
            return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || "-_./,:=+@".unicodeScalars.contains(scalar)
        }
        return isPlain && !argument.isEmpty ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
    }.joined(separator: " ")
}
