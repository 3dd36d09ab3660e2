internal import CCairo

/// How text is set.
struct TextStyle {
    /// Points.
    var size = 12.0
    var isBold = false
    var colour = Colour.ink

    static let title = TextStyle(size: 16, isBold: true)
    static let axis = TextStyle(size: 13)
    static let label = TextStyle(size: 12)
    static let tick = TextStyle(size: 12, colour: .faint)

    /// From one line to the next, in points.
    var lineHeight: Double { 1.25 * size }
}

/// Which part of a text lies at its place.
enum TextAnchor {
    case start, middle, end
}

extension Canvas {
    /// The width of one line in points.
    func width(of text: String, _ style: TextStyle) -> Double {
        select(style)
        var extents = cairo_text_extents_t()
        unsafe cairo_text_extents(context, text.printable, &extents)
        return extents.x_advance
    }

    /// One line, with the middle of its capitals at the place's height.
    ///
    /// - Parameters:
    ///   - text: What is set.
    ///   - place: Where.
    ///   - anchor: Which part of it lies there.
    ///   - turned: Radians to the right, about the place.
    ///   - style: How it is set.
    mutating func text(
        _ text: String, at place: Point, _ anchor: TextAnchor = .start, turned: Double = 0, _ style: TextStyle
    ) {
        let width = anchor == .start ? 0 : width(of: text, style)
        select(style)
        set(style.colour)
        unsafe cairo_save(context)
        unsafe cairo_translate(context, place.x, place.y)
        if turned != 0 { unsafe cairo_rotate(context, turned) }
        // Half of a capital's height in DejaVu Sans.
        unsafe cairo_move_to(
            context, anchor == .start ? 0 : anchor == .middle ? -width / 2 : -width, 0.365 * style.size)
        unsafe cairo_show_text(context, text.printable)
        unsafe cairo_restore(context)
    }

    /// Lines one under the other, together centred on the place's height.
    mutating func text(
        lines: [String], at place: Point, _ anchor: TextAnchor = .start, turned: Double = 0, _ style: TextStyle
    ) {
        unsafe cairo_save(context)
        unsafe cairo_translate(context, place.x, place.y)
        unsafe cairo_rotate(context, turned)
        for (index, line) in lines.enumerated() {
            let offset = (Double(index) - Double(lines.count - 1) / 2) * style.lineHeight
            text(line, at: Point(x: 0, y: offset), anchor, style)
        }
        unsafe cairo_restore(context)
    }

    /// A text in lines no wider than `width`: broken after spaces, hyphens and the like, or in words that are too wide.
    ///
    /// - Parameters:
    ///   - text: What is to be set.
    ///   - width: Points.
    ///   - most: The most lines there may be; what is beyond ends in "…".
    ///   - style: How it is set.
    /// - Returns: At least one line.
    func wrapped(_ text: String, width: Double, lines most: Int, _ style: TextStyle) -> [String] {
        var lines: [String] = []
        var line = ""
        func fits(_ text: String) -> Bool { self.width(of: text, style) <= width }
        // No label is read beyond this, and every word is measured.
        let text = String(text.printable.prefix(400))
        for word in text.breakable {
            if fits((line + word).trimmed) {
                line += word
                continue
            }
            if !line.trimmed.isEmpty { lines.append(line.trimmed) }
            line = word
            while !fits(line.trimmed), line.count > 1 {
                var part = line
                while !fits(part), part.count > 1 { part.removeLast() }
                lines.append(part)
                line.removeFirst(part.count)
            }
        }
        if !line.trimmed.isEmpty || lines.isEmpty { lines.append(line.trimmed) }
        guard lines.count > most else { return lines }
        var last = lines[max(0, most - 1)]
        while !last.isEmpty, !fits(last + "…") { last.removeLast() }
        return lines.prefix(max(0, most - 1)) + [last + "…"]
    }

    private func select(_ style: TextStyle) {
        unsafe cairo_select_font_face(
            context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
            style.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
        unsafe cairo_set_font_size(context, style.size)
    }
}

extension String {
    /// The same with a space for every character that has no form, such as line ends and NUL.
    var printable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control || (scalar.value & 0xFFFE) == 0xFFFE ? " " : scalar
                }))
    }

    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// The parts between which a line may end.
    var breakable: [String] {
        var parts: [String] = []
        var part = ""
        for character in self {
            part.append(character)
            if " -_/,;:|+&".contains(character) {
                parts.append(part)
                part = ""
            }
        }
        return part.isEmpty ? parts : parts + [part]
    }
}
