internal import CCairo

/// The size, weight and colour of text.
struct TextStyle {
    /// Font size in points.
    var size = 12.0
    var isBold = false
    var colour = Colour.ink

    static let title = TextStyle(size: 16, isBold: true)
    static let axis = TextStyle(size: 13)
    static let label = TextStyle(size: 12)
    static let tick = TextStyle(size: 12, colour: .faint)

    /// Distance between the baselines of two lines, in points.
    var lineHeight: Double { 1.25 * size }
}

/// The part of a text that lies at its position.
enum TextAnchor {
    case start, middle, end
}

extension Canvas {
    /// Returns the width of one line of text in points.
    func width(of text: String, _ style: TextStyle) -> Double {
        select(style)
        var extents = cairo_text_extents_t()
        unsafe cairo_text_extents(context, text.printable, &extents)
        return extents.x_advance
    }

    /// Draws one line of text, with its capitals vertically centred on a position.
    ///
    /// - Parameters:
    ///   - text: The text to draw.
    ///   - place: The position on the canvas.
    ///   - anchor: The part of the text that lies at the position.
    ///   - turned: The clockwise rotation about the position, in radians.
    ///   - style: The font size, weight and colour.
    mutating func text(
        _ text: String, at place: Point, _ anchor: TextAnchor = .start, turned: Double = 0, _ style: TextStyle
    ) {
        let width = anchor == .start ? 0 : width(of: text, style)
        select(style)
        set(style.colour)
        unsafe cairo_save(context)
        unsafe cairo_translate(context, place.x, place.y)
        if turned != 0 { unsafe cairo_rotate(context, turned) }
        // 0.365 em is half the height of a capital in DejaVu Sans.
        unsafe cairo_move_to(
            context, anchor == .start ? 0 : anchor == .middle ? -width / 2 : -width, 0.365 * style.size)
        unsafe cairo_show_text(context, text.printable)
        unsafe cairo_restore(context)
    }

    /// Draws several lines of text, together vertically centred on a position.
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

    /// Wraps text into lines no wider than `width`. Lines break after spaces, hyphens and similar characters, or inside
    /// words that are too wide.
    ///
    /// - Parameters:
    ///   - text: The text to wrap.
    ///   - width: The largest width of a line in points.
    ///   - most: The largest number of lines; longer text is cut and ends in "…".
    ///   - style: The style in which the text will be drawn.
    /// - Returns: The lines, at least one.
    func wrapped(_ text: String, width: Double, lines most: Int, _ style: TextStyle) -> [String] {
        var lines: [String] = []
        var line = ""
        func fits(_ text: String) -> Bool { self.width(of: text, style) <= width }
        // Every word is measured, so limit the work; nobody reads a longer label.
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
    /// The string with every control character and noncharacter, such as a line end or NUL, replaced by a space.
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

    /// The parts between which a line may break.
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
