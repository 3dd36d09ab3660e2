/// A chart that can be drawn as PNG or SVG; equal charts produce equal bytes.
public protocol Chart: Sendable {
    /// Title, drawn above the chart.
    var title: String { get }
    /// A description of the chart in sentences, for readers who cannot see it.
    var summary: String { get }
    /// Draws the chart, or "no data" if there is nothing to draw.
    func draw(on canvas: inout Canvas)
}

extension Chart {
    /// Renders the chart as PNG.
    ///
    /// - Parameters:
    ///   - width: The width in points, 100 to 10,000.
    ///   - height: The height in points, 100 to 10,000.
    ///   - scale: The number of pixels per point.
    /// - Returns: The bytes of a PNG file.
    /// - Throws: ``CanvasError`` if the size is out of range or Cairo fails.
    public func png(width: Int = 900, height: Int = 600, scale: Double = 2) throws(CanvasError) -> [UInt8] {
        try draw(width, height, .png(scale: scale))
    }

    /// Renders the chart as an SVG document.
    ///
    /// - Parameters:
    ///   - width: The width in points (CSS pixels), 100 to 10,000.
    ///   - height: The height in points, 100 to 10,000.
    /// - Returns: The bytes of an SVG file.
    /// - Throws: ``CanvasError`` if the size is out of range or Cairo fails.
    public func svg(width: Int = 900, height: Int = 600) throws(CanvasError) -> [UInt8] {
        let cairo = try draw(width, height, .svg(hasGround: true))
        return [UInt8](SVGDocument(cairo: cairo, title: title, summary: summary, page: nil).text.utf8)
    }

    /// Renders the chart as an `svg` element for an HTML page.
    ///
    /// The element has no background. It takes its colours from the page's CSS variables `--ink`, `--faint`, `--line` and
    /// `--paper`, where the page defines them.
    ///
    /// - Parameters:
    ///   - width: The width in points (CSS pixels), 100 to 10,000.
    ///   - height: The height in points, 100 to 10,000.
    ///   - name: The prefix of all identifiers in the element, unique in the page: letters, digits and hyphens.
    /// - Returns: The `svg` element.
    /// - Throws: ``CanvasError`` if the size is out of range or Cairo fails.
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
