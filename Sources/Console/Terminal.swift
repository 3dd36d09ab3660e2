import Glibc

/// The two streams a person reads.
public enum Terminal {
    /// Where a program writes.
    public enum Stream: Sendable {
        /// Results.
        case output
        /// What concerns the person at the terminal alone.
        case error

        var descriptor: Int32 { self == .output ? STDOUT_FILENO : STDERR_FILENO }
    }

    /// The running program's name, as errors begin with it.
    private static let program =
        CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "rubricator"

    /// Whether a person watches the stream, so that colour and redrawing make sense.
    public static func isInteractive(_ stream: Stream) -> Bool { isatty(stream.descriptor) == 1 }

    /// Characters in a line of the terminal; 80 where there is none.
    public static func width(_ stream: Stream) -> Int {
        var size = winsize()
        guard unsafe ioctl(stream.descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes a sentence to standard error, the program's name in front.
    public static func complain(_ sentence: String) { show("\(program): \(sentence)\n") }

    /// Writes to standard error as it is.
    public static func show(_ text: String) { write(Array(text.utf8), to: .error) }

    /// Writes to standard output; ends the program quietly where the reader has gone, as `head` does.
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
