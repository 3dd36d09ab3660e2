import ArgumentParser
import Console
import Glibc

/// The user's choice about colour.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never

    /// Whether standard output is coloured. `auto` follows https://no-color.org.
    var isOn: Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto: unsafe getenv("NO_COLOR") == nil && Terminal.isInteractive(.output)
        }
    }
}

/// The escape sequences of a terminal's colours.
enum Colour {
    static let dim = "\u{1B}[2m"
    static let plain = "\u{1B}[0m"

    /// The colour of a label by its index: six colours that differ on light and dark backgrounds.
    static func role(_ label: Int) -> String { "\u{1B}[\([34, 35, 36, 32, 31, 33][label % 6])m" }
}
