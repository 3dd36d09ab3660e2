import Glibc

/// The two streams a person reads.
enum Terminal {
    /// Whether progress can be redrawn in place.
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Characters in a line of the terminal; 80 where there is none.
    static var width: Int {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes a sentence to standard error.
    static func complain(_ sentence: String) { write("rubricator-train: \(sentence)\n", to: STDERR_FILENO) }

    /// Writes to standard error as it is.
    static func show(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes a line to standard output; ends the program quietly where the reader has gone, as `head` does.
    static func print(line: String) {
        if !write("\(line)\n", to: STDOUT_FILENO) { exit(EXIT_SUCCESS) }
    }

    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            if written <= 0 { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }
}
