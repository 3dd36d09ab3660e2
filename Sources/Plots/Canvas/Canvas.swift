internal import CCairo

/// A drawing surface, backed by Cairo, that produces PNG or SVG.
///
/// After its first error Cairo draws nothing more and remembers the error. Drawing therefore never throws; ``finish()``
/// reports the error.
///
/// The type is `@safe` because it owns what its pointers refer to: it allocates it, frees it and never hands it out.
@safe public struct Canvas: ~Copyable {
    /// The output format.
    enum Format: Equatable {
        /// PNG, with `scale` pixels per point.
        case png(scale: Double)
        /// SVG, with a background, or without one for a page that has its own.
        case svg(hasGround: Bool)
    }

    /// Width in points.
    let width: Double
    /// Height in points.
    let height: Double
    private let format: Format

    // Cairo keeps the address of the buffer it appends to. This value owns all three pointers and frees them in `deinit`.
    private let bytes: UnsafeMutablePointer<[UInt8]>
    private let surface: OpaquePointer?
    let context: OpaquePointer?

    /// Creates an empty canvas.
    ///
    /// - Throws: ``CanvasError`` if the size is outside the supported range.
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
        // No hinting, so that text has the same shape and width in both formats.
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
                "a chart of \(width) × \(height) points cannot be drawn: each side must be 100 to 10,000 points.")
        }
        guard case .png(let scale) = format else { return }
        // 32,767 is Cairo's limit.
        guard scale >= 0.01, Double(max(width, height)) * scale <= 32_767 else {
            throw CanvasError(
                "\(width) × \(height) points at \(scale) pixels per point cannot be drawn: each side must be 1 to 32,767 pixels."
            )
        }
    }

    deinit {
        unsafe cairo_destroy(context)
        // Destroying the surface flushes it into `bytes`, so `bytes` is freed afterwards.
        unsafe cairo_surface_destroy(surface)
        unsafe bytes.deinitialize(count: 1)
        unsafe bytes.deallocate()
    }

    /// Ends drawing and returns the result.
    ///
    /// - Returns: The bytes of a PNG file, or the SVG that Cairo wrote.
    /// - Throws: ``CanvasError`` if Cairo reported an error at any point since the canvas was created.
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

/// Appends Cairo's output to the byte array that `target` points to.
private let append: cairo_write_func_t = { target, data, count in
    guard let target = unsafe target?.assumingMemoryBound(to: [UInt8].self), let data = unsafe data else {
        return CAIRO_STATUS_WRITE_ERROR
    }
    unsafe target.pointee.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
}
