import CCairo

/// A PNG image, decoded by Cairo.
struct Picture {
    let width: Int
    let height: Int
    /// Pixels as 0xRRGGBB, row by row.
    let pixels: [UInt32]

    struct Unreadable: Error {
        let status: UInt32
    }

    init(png: [UInt8]) throws {
        var source = png[...]
        let surface = unsafe withUnsafeMutablePointer(to: &source) {
            unsafe cairo_image_surface_create_from_png_stream(
                { source, target, count in
                    guard let source = unsafe source?.assumingMemoryBound(to: ArraySlice<UInt8>.self),
                        let target = unsafe target, unsafe source.pointee.count >= Int(count)
                    else { return CAIRO_STATUS_READ_ERROR }
                    for index in 0..<Int(count) { unsafe target[index] = source.pointee.removeFirst() }
                    return CAIRO_STATUS_SUCCESS
                }, $0)
        }
        defer { unsafe cairo_surface_destroy(surface) }
        let status = unsafe cairo_surface_status(surface)
        guard status == CAIRO_STATUS_SUCCESS, let data = unsafe cairo_image_surface_get_data(surface) else {
            throw Unreadable(status: status.rawValue)
        }
        width = unsafe Int(cairo_image_surface_get_width(surface))
        height = unsafe Int(cairo_image_surface_get_height(surface))
        let stride = unsafe Int(cairo_image_surface_get_stride(surface))
        var pixels: [UInt32] = []
        pixels.reserveCapacity(width * height)
        for row in 0..<height {
            for column in 0..<width {
                let pixel = unsafe UnsafeRawPointer(data).load(
                    fromByteOffset: row * stride + 4 * column, as: UInt32.self)
                pixels.append(pixel & 0xFFFFFF)
            }
        }
        self.pixels = pixels
    }

    /// The outermost two rows and columns of pixels.
    var edge: [UInt32] {
        (0..<height).flatMap { row in
            (0..<width).filter { row < 2 || row >= height - 2 || $0 < 2 || $0 >= width - 2 }
                .map { pixels[row * width + $0] }
        }
    }
}
