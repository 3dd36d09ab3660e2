internal import CCairo

/// The reason that a chart could not be drawn.
public struct CanvasError: Error, CustomStringConvertible, Equatable {
    /// A sentence that says what failed and what was expected.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Creates an error from Cairo's status; `what` names what was being drawn.
    init(_ status: cairo_status_t, _ what: String) {
        let reason = unsafe cairo_status_to_string(status).map { unsafe String(cString: $0) } ?? "\(status.rawValue)"
        self.init("\(what) could not be drawn: Cairo reported \"\(reason)\".")
    }
}
