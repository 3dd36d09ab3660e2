import HTTPTypes

extension Problem {
    /// The problem document of a request that is not answered with labels. Statuses are chosen here and nowhere else.
    init(_ failure: LabellingFailure) {
        let status: HTTPResponse.Status
        switch failure {
        case .malformed: status = .badRequest
        case .invalid: status = .unprocessableContent
        case .bodiesTooLarge, .overloaded: status = .tooManyRequests
        case .deadlineExceeded: status = .gatewayTimeout
        case .clientGone: status = .init(code: 499, reasonPhrase: "Client Closed Request")
        case .modelNotFound: status = .notFound
        case .loading, .modelFailed, .shuttingDown: status = .serviceUnavailable
        case .outputNotFinite: status = .internalServerError
        }
        var headers: HTTPFields = [:]
        if let seconds = failure.retrySeconds { headers[.retryAfter] = "\(seconds)" }
        if failure == .shuttingDown { headers[.connection] = "close" }
        self.init(status, "\(failure)", headers: headers)
    }

    /// The problem document of a reload that was refused.
    init(_ failure: ReloadFailure) {
        switch failure {
        case .notRunning: self.init(.serviceUnavailable, "\(failure)")
        case .inProgress: self.init(.conflict, "\(failure)", headers: [.retryAfter: "1"])
        case .unusableCheckpoint, .unusableKeys: self.init(.unprocessableContent, "\(failure)")
        }
    }
}
