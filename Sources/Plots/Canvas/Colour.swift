/// An sRGB colour with an opacity.
struct Colour: Hashable {
    let red: UInt8
    let green: UInt8
    let blue: UInt8
    var opacity = 1.0

    init(_ hex: UInt32) {
        red = UInt8(hex >> 16 & 0xFF)
        green = UInt8(hex >> 8 & 0xFF)
        blue = UInt8(hex & 0xFF)
    }

    /// Colour of the main text.
    static let ink = Colour(0x1D1B18)
    /// Colour of secondary text, such as tick labels.
    static let faint = Colour(0x6B665E)
    /// Colour of grid lines.
    static let line = Colour(0xD8D3C9)
    /// Colour of the background.
    static let paper = Colour(0xFFFFFF)

    // The palette of Okabe & Ito 2008, "Color Universal Design", without black, which is the ink, and yellow, which is
    // too pale on white.
    static let blue = Colour(0x0072B2)
    static let vermilion = Colour(0xD55E00)
    static let green = Colour(0x009E73)
    static let purple = Colour(0xCC79A7)
    static let sky = Colour(0x56B4E9)
    static let orange = Colour(0xE69F00)

    /// Colours of the series, in their order.
    static let series = [blue, vermilion, green, purple, sky, orange]

    /// CSS variables by which a page can override colours, so that a chart follows the page's dark mode.
    static let variables: [Colour: String] = [ink: "--ink", faint: "--faint", line: "--line", paper: "--paper"]

    func with(opacity: Double) -> Colour {
        var colour = self
        colour.opacity = opacity
        return colour
    }
}
