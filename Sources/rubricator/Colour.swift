import ArgumentParser
import Console
import Glibc

/// When to use colour.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never

    /// Whether to, for what is written to standard output; https://no-color.org is honoured.
    var isOn: Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto: unsafe getenv("NO_COLOR") == nil && Terminal.isInteractive(.output)
        }
    }
}

/// A terminal's colours.
enum Colour {
    static let dim = "\u{1B}[2m"
    static let plain = "\u{1B}[0m"

    /// Of each role, by its place among the labels: six that stay apart on light and dark grounds.
    static func role(_ label: Int) -> String { "\u{1B}[\([34, 35, 36, 32, 31, 33][label % 6])m" }
}
