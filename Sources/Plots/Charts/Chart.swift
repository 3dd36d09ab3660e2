/// Something to be drawn, as a value: the same value gives the same bytes.
public protocol Chart: Sendable {
    /// What it shows; written above it.
    var title: String { get }
    /// What is to be seen in it, in sentences, for who does not see it.
    var summary: String { get }
    /// Draws the whole of it, or says that there is nothing to draw.
    func draw(on canvas: inout Canvas)
}

extension Chart {
    /// A picture.
    ///
    /// - Parameters:
    ///   - width: Points.
    ///   - height: Points.
    ///   - scale: Pixels a point.
    /// - Returns: A PNG file's bytes.
    /// - Throws: ``CanvasError``.
    public func png(width: Int = 900, height: Int = 600, scale: Double = 2) throws(CanvasError) -> [UInt8] {
        try draw(width, height, .png(scale: scale))
    }

    /// A drawing.
    ///
    /// - Parameters:
    ///   - width: Points, which are CSS pixels.
    ///   - height: Points.
    /// - Returns: An SVG file's bytes.
    /// - Throws: ``CanvasError``.
    public func svg(width: Int = 900, height: Int = 600) throws(CanvasError) -> [UInt8] {
        let cairo = try draw(width, height, .svg(hasGround: true))
        return [UInt8](SVGDocument(cairo: cairo, title: title, summary: summary, page: nil).text.utf8)
    }

    /// A drawing that is part of an HTML page, without a ground and with the page's CSS variables `--ink`, `--faint`,
    /// `--line` and `--paper` for colours where it has them.
    ///
    /// - Parameters:
    ///   - width: Points, which are CSS pixels.
    ///   - height: Points.
    ///   - name: Begins the identifiers in it; no other element's of the page does. Letters, digits and hyphens.
    /// - Returns: An `svg` element.
    /// - Throws: ``CanvasError``.
    public func svgElement(width: Int, height: Int, name: String) throws(CanvasError) -> String {
        let cairo = try draw(width, height, .svg(hasGround: false))
        return SVGDocument(cairo: cairo, title: title, summary: summary, page: name).text
    }

    private func draw(_ width: Int, _ height: Int, _ format: Canvas.Format) throws(CanvasError) -> [UInt8] {
        var canvas = try Canvas(width: width, height: height, format: format)
        draw(on: &canvas)
        return try canvas.finish()
    }
}
