internal import HTTPTypes
internal import Hummingbird

/// When the client or the service gives a request up.
public struct Deadline: Sendable {
    /// What was allowed.
    public let allowed: Duration
    /// When that is over.
    public let instant: ContinuousClock.Instant

    /// A deadline that long after `start`.
    public init(allowing allowed: Duration, from start: ContinuousClock.Instant = .now) {
        self.allowed = allowed
        instant = start + allowed
    }

    /// The service's own limit, or what the client allows in `X-Request-Timeout`, in seconds, where that is less.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - start: When its head came.
    ///   - limit: The service's own.
    /// - Throws: ``Problem`` 422 where the field is no positive number.
    init(of request: Request, from start: ContinuousClock.Instant, limit: Duration) throws(Problem) {
        guard let field = request.headers[.requestTimeout] else {
            self.init(allowing: limit, from: start)
            return
        }
        guard let seconds = Double(field), seconds > 0, seconds.isFinite else {
            throw Problem(
                .unprocessableContent, "x-request-timeout is \"\(field)\"; expected seconds above 0, such as 2.5.")
        }
        self.init(allowing: seconds < limit / .seconds(1) ? .seconds(seconds) : limit, from: start)
    }
}

extension Duration {
    /// Such as "30 s" or "0.5 s".
    var inSeconds: String {
        let seconds = self / .seconds(1)
        return Int(exactly: seconds).map { "\($0) s" } ?? "\(seconds) s"
    }
}
