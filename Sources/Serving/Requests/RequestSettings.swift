internal import Labelling

/// How the service answers a request that does not choose for itself.
struct RequestSettings: Sendable {
    /// The largest request.
    let limits: RequestLimits
    /// Whether inline headings decide the labels of their sections.
    let headings: HeadingPolicy
    /// The longest time from a request's head to its labels. A client may ask for less.
    let timeout: Duration
    /// Whether the log records the bodies of requests.
    let logsTexts: Bool
}
