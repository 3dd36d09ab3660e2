import Glibc

/// The program's standard output and standard error, as a person sees them.
public enum Terminal {
    /// An output stream of the program.
    public enum Stream: Sendable {
        /// Standard output, for results.
        case output
        /// Standard error, for messages to the person at the terminal.
        case error

        var descriptor: Int32 { self == .output ? STDOUT_FILENO : STDERR_FILENO }
    }

    /// The name of the running program, with which error messages begin.
    private static let program =
        CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "rubricator"

    /// Returns whether the stream is a terminal, where colour and redrawing are useful.
    public static func isInteractive(_ stream: Stream) -> Bool { isatty(stream.descriptor) == 1 }

    /// Returns the number of characters in a line of the terminal, or 80 if it is unknown or at most 20.
    public static func width(_ stream: Stream) -> Int {
        var size = winsize()
        guard unsafe ioctl(stream.descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes a message to standard error, prefixed with the program's name.
    public static func complain(_ sentence: String) { show("\(program): \(sentence)\n") }

    /// Writes text to standard error without changes.
    public static func show(_ text: String) { write(Array(text.utf8), to: .error) }

    /// Writes to standard output. If the reader has closed the stream, as `head` does, the program exits with success.
    public static func print(_ bytes: [UInt8]) {
        if !write(bytes, to: .output) { exit(EXIT_SUCCESS) }
    }

    /// Writes a line to standard output.
    public static func print(line: String) { print(Array("\(line)\n".utf8)) }

    @discardableResult
    private static func write(_ bytes: [UInt8], to stream: Stream) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(stream.descriptor, buffer.baseAddress, buffer.count)
            }
            if written < 0, errno == EINTR { continue }
            if written <= 0 { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }
}
