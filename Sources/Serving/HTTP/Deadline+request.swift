internal import HTTPTypes
internal import Hummingbird
internal import Text

extension Deadline {
    /// Creates the deadline of a request: the time in its `X-Request-Timeout` field, in seconds, or `limit` if that is
    /// less.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - start: When the request's head arrived.
    ///   - limit: The longest time that the service allows.
    /// - Throws: ``Problem`` 422 if the field is not a positive number.
    init(of request: Request, from start: ContinuousClock.Instant, limit: Duration) throws(Problem) {
        guard let field = request.headers[.requestTimeout] else {
            self.init(allowing: limit, from: start)
            return
        }
        guard let seconds = Double(field), seconds > 0, seconds.isFinite else {
            throw Problem(
                .invalidParameter,
                "x-request-timeout is \(field.excerpt); expected a number of seconds above 0, such as 2.5.")
        }
        self.init(allowing: seconds < limit / .seconds(1) ? .seconds(seconds) : limit, from: start)
    }
}
