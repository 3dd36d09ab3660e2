internal import CCairo

/// A chart cannot be drawn, as a sentence.
public struct CanvasError: Error, CustomStringConvertible, Equatable {
    /// What, where, expected, found, remedy.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// What Cairo says.
    init(_ status: cairo_status_t, _ what: String) {
        let reason = unsafe cairo_status_to_string(status).map { unsafe String(cString: $0) } ?? "\(status.rawValue)"
        self.init("\(what) could not be drawn: Cairo says \"\(reason)\".")
    }
}
