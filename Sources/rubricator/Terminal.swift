import ArgumentParser
import Glibc

/// When to use colour.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never

    /// Whether to, for what is written to standard output; https://no-color.org is honoured.
    var isOn: Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto: unsafe getenv("NO_COLOR") == nil && isatty(STDOUT_FILENO) == 1
        }
    }
}

/// The two streams a person reads.
enum Terminal {
    /// The colour of each role, by its place among the labels: six that stay apart on light and dark grounds.
    static func colour(_ label: Int) -> String { "\u{1B}[\([34, 35, 36, 32, 31, 33][label % 6])m" }
    static let dim = "\u{1B}[2m"
    static let plain = "\u{1B}[0m"

    /// Characters in a line of the terminal; 80 where there is none.
    static var width: Int {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes a sentence to standard error.
    static func complain(_ sentence: String) {
        write(Array("rubricator: \(sentence)\n".utf8), to: STDERR_FILENO)
    }

    /// Writes to standard output; ends the program quietly where the reader has gone, as `head` does.
    static func print(_ bytes: [UInt8]) {
        if !write(bytes, to: STDOUT_FILENO) { exit(EXIT_SUCCESS) }
    }

    /// Writes a line to standard output.
    static func print(line: String) { print(Array("\(line)\n".utf8)) }

    @discardableResult
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            if written <= 0 { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }
}
