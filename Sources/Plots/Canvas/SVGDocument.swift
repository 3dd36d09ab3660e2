/// Cairo's SVG, made fit for its readers: it says in words what it shows, its identifiers are the same in every run,
/// and on a page it takes the page's colours.
///
/// Cairo sets text as outlines, so that it looks the same everywhere; nothing in what it wrote comes from a label.
struct SVGDocument {
    /// A document of its own, or an element of a page.
    private(set) var text = ""

    /// What identifiers begin with.
    private let prefix: String
    private let isInPage: Bool
    private var names: [ArraySlice<UInt8>: String] = [:]

    /// What a value to be rewritten stands between.
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

    /// Rewrites a document.
    ///
    /// - Parameters:
    ///   - cairo: What Cairo wrote.
    ///   - title: What is shown.
    ///   - summary: What is to be seen in it, for who does not see it.
    ///   - page: What its identifiers begin with among others of a page, whose CSS variables then decide its ink and
    ///     ground; `nil` for a document of its own.
    init(cairo: [UInt8], title: String, summary: String, page: String?) {
        prefix = page.map { $0 + "-" } ?? ""
        isInPage = page != nil
        // The XML declaration, and the element that holds all others.
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

    /// Cairo numbers surfaces over the whole process, so its own identifiers differ from run to run.
    private mutating func name(_ identifier: ArraySlice<UInt8>) -> String {
        if let name = names[identifier] { return name }
        let name = "\(prefix)part-\(names.count)"
        names[identifier] = name
        return name
    }

    /// The variable for a colour that Cairo wrote as three percentages.
    private static func variable(_ percentages: ArraySlice<UInt8>) -> String? {
        let parts = percentages.split(separator: UInt8(ascii: ",")).compactMap { part in
            Double(String(decoding: part.filter { $0 > 0x20 && $0 != UInt8(ascii: "%") }, as: UTF8.self))
        }
        guard parts.count == 3 else { return nil }
        let hex = parts.reduce(UInt32(0)) { $0 << 8 | UInt32(($1.clamped(to: 0...100) * 2.55).rounded()) }
        return Colour.variables[Colour(hex)]
    }
}
