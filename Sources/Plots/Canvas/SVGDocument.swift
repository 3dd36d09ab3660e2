/// Cairo's SVG, rewritten for use: with a title and a description, with identifiers that are the same in every run, and
/// inside an HTML page with the page's colours.
///
/// Cairo draws text as outlines, which look the same everywhere. Its output therefore contains no text from labels.
struct SVGDocument {
    /// The SVG document, or the `svg` element for an HTML page.
    private(set) var text = ""

    /// Prefix of all identifiers.
    private let prefix: String
    private let isInPage: Bool
    private var names: [ArraySlice<UInt8>: String] = [:]

    /// A kind of value to rewrite, recognised by the text before and after it.
    private enum Value: CaseIterable {
        case name, part, link, colour

        var opening: String {
            switch self {
            case .name: " id=\""
            case .part: "url(#"
            case .link: "href=\"#"
            case .colour: "rgb("
            }
        }

        var closing: UInt8 { self == .part || self == .colour ? UInt8(ascii: ")") : UInt8(ascii: "\"") }
    }

    /// Rewrites the SVG that Cairo wrote.
    ///
    /// - Parameters:
    ///   - cairo: The SVG that Cairo wrote.
    ///   - title: The title of the chart.
    ///   - summary: A description of the chart for readers who cannot see it.
    ///   - page: The prefix of the identifiers in an HTML page, whose CSS variables then set the colours; `nil` for a
    ///     document of its own.
    init(cairo: [UInt8], title: String, summary: String, page: String?) {
        prefix = page.map { $0 + "-" } ?? ""
        isInPage = page != nil
        // `declared` is the end of the XML declaration, `root` the end of the root element's start tag.
        let declared = (cairo.firstIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        let root = cairo[declared...].firstIndex(of: UInt8(ascii: ">")) ?? cairo.endIndex
        if !isInPage { add(cairo[..<declared]) }
        add(cairo[declared..<root])
        text += " role=\"img\" aria-labelledby=\"\(prefix)title \(prefix)description\">\n"
        text += "<title id=\"\(prefix)title\">\(title.markup)</title>\n"
        text += "<desc id=\"\(prefix)description\">\(summary.markup)</desc>"
        rewrite(cairo[root...].dropFirst())
    }

    private mutating func rewrite(_ cairo: ArraySlice<UInt8>) {
        var (copied, index) = (cairo.startIndex, cairo.startIndex)
        while index < cairo.endIndex {
            guard let value = Value.allCases.first(where: { cairo[index...].starts(with: $0.opening.utf8) }),
                let end = cairo[(index + value.opening.utf8.count)...].firstIndex(of: value.closing)
            else {
                index += 1
                continue
            }
            let inside = cairo[(index + value.opening.utf8.count)..<end]
            if value != .colour {
                add(cairo[copied..<inside.startIndex])
                text += name(inside)
                copied = end
            } else if isInPage, let variable = Self.variable(inside) {
                add(cairo[copied..<index])
                text += "var(\(variable),"
                add(cairo[index...end])
                text += ")"
                copied = end + 1
            }
            index = end
        }
        add(cairo[copied...])
    }

    private mutating func add(_ bytes: ArraySlice<UInt8>) {
        text += String(decoding: bytes, as: UTF8.self)
    }

    /// Returns a stable name for an identifier: Cairo numbers surfaces across the process, so its own names vary.
    private mutating func name(_ identifier: ArraySlice<UInt8>) -> String {
        if let name = names[identifier] { return name }
        let name = "\(prefix)part-\(names.count)"
        names[identifier] = name
        return name
    }

    /// Returns the CSS variable for a colour that Cairo wrote as three percentages, or `nil` if it has none.
    private static func variable(_ percentages: ArraySlice<UInt8>) -> String? {
        let parts = percentages.split(separator: UInt8(ascii: ",")).compactMap { part in
            Double(String(decoding: part.filter { $0 > 0x20 && $0 != UInt8(ascii: "%") }, as: UTF8.self))
        }
        guard parts.count == 3 else { return nil }
        let hex = parts.reduce(UInt32(0)) { $0 << 8 | UInt32(($1.clamped(to: 0...100) * 2.55).rounded()) }
        return Colour.variables[Colour(hex)]
    }
}
