internal import CCairo

/// What a chart is drawn on: Cairo's, into PNG or SVG.
///
/// Cairo remembers the first thing that went wrong and draws nothing from then on, so that drawing need not be asked:
/// ``finish()`` throws.
///
/// It is `@safe` because what it points to is its own: made with it, freed with it, and never handed out.
@safe public struct Canvas: ~Copyable {
    /// What is made of the drawing.
    enum Format: Equatable {
        /// So many pixels a point.
        case png(scale: Double)
        /// With the ground, or without for a page that has one.
        case svg(hasGround: Bool)
    }

    /// Points.
    let width: Double
    /// Points.
    let height: Double
    private let format: Format

    // Cairo keeps the address of the bytes it adds to. All three are this value's own, and freed with it.
    private let bytes: UnsafeMutablePointer<[UInt8]>
    private let surface: OpaquePointer?
    let context: OpaquePointer?

    /// An empty canvas.
    ///
    /// - Throws: ``CanvasError`` for sizes beyond Cairo's, or without the memory.
    init(width: Int, height: Int, format: Format) throws(CanvasError) {
        try Self.check(width: width, height: height, format)
        self.width = Double(width)
        self.height = Double(height)
        self.format = format
        unsafe bytes = .allocate(capacity: 1)
        unsafe bytes.initialize(to: [])
        switch format {
        case .png(let scale):
            unsafe surface = cairo_image_surface_create(
                CAIRO_FORMAT_RGB24, Int32((self.width * scale).rounded()), Int32((self.height * scale).rounded()))
            unsafe context = cairo_create(surface)
            unsafe cairo_scale(context, scale, scale)
        case .svg:
            unsafe surface = cairo_svg_surface_create_for_stream(append, bytes, self.width, self.height)
            unsafe cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX)
            unsafe context = cairo_create(surface)
        }
        let options = unsafe cairo_font_options_create()
        // Outlines as they are, so that both formats set text alike.
        unsafe cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        unsafe cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        unsafe cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        unsafe cairo_set_font_options(context, options)
        unsafe cairo_font_options_destroy(options)
        if format != .svg(hasGround: false) {
            set(.paper)
            unsafe cairo_paint(context)
        }
    }

    private static func check(width: Int, height: Int, _ format: Format) throws(CanvasError) {
        guard (100...10_000).contains(width), (100...10_000).contains(height) else {
            throw CanvasError(
                "a chart of \(width) × \(height) points cannot be drawn: both must be from 100 to 10,000.")
        }
        guard case .png(let scale) = format else { return }
        // Cairo's own limit.
        guard scale >= 0.01, Double(max(width, height)) * scale <= 32_767 else {
            throw CanvasError(
                "\(width) × \(height) points at \(scale) pixels a point cannot be drawn: a picture has from 1 to 32,767 pixels a side."
            )
        }
    }

    deinit {
        unsafe cairo_destroy(context)
        // Writes what it has not written.
        unsafe cairo_surface_destroy(surface)
        unsafe bytes.deinitialize(count: 1)
        unsafe bytes.deallocate()
    }

    /// What was drawn.
    ///
    /// - Returns: A PNG file's bytes, or Cairo's SVG.
    /// - Throws: ``CanvasError`` where anything went wrong since the beginning.
    consuming func finish() throws(CanvasError) -> [UInt8] {
        try check(unsafe cairo_status(context))
        switch format {
        case .png:
            unsafe cairo_surface_flush(surface)
            try check(unsafe cairo_surface_write_to_png_stream(surface, append, bytes))
        case .svg:
            unsafe cairo_surface_finish(surface)
            try check(unsafe cairo_surface_status(surface))
        }
        return unsafe bytes.pointee
    }

    private func check(_ status: cairo_status_t) throws(CanvasError) {
        guard status == CAIRO_STATUS_SUCCESS else { throw CanvasError(status, "a chart") }
    }

    func set(_ colour: Colour) {
        unsafe cairo_set_source_rgba(
            context, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255, colour.opacity)
    }
}

/// Adds to the bytes that `target` points to.
private let append: cairo_write_func_t = { target, data, count in
    guard let target = unsafe target?.assumingMemoryBound(to: [UInt8].self), let data = unsafe data else {
        return CAIRO_STATUS_WRITE_ERROR
    }
    unsafe target.pointee.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
}
