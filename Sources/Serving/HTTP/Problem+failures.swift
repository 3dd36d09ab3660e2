import HTTPTypes

extension Problem {
    /// The problem document of a request that is not answered with labels.
    init(_ failure: LabellingFailure) {
        var headers: HTTPFields = [:]
        if let seconds = failure.retrySeconds { headers[.retryAfter] = "\(seconds)" }
        if failure == .shuttingDown { headers[.connection] = "close" }
        self.init(ProblemCode(failure), "\(failure)", headers: headers)
    }

    /// The problem document of a reload that was refused.
    init(_ failure: ReloadFailure) {
        switch failure {
        case .notRunning: self.init(.notRunning, "\(failure)")
        case .inProgress: self.init(.reloadInProgress, "\(failure)", headers: [.retryAfter: "1"])
        case .unusableCheckpoint, .unusableKeys: self.init(.reloadFailed, "\(failure)")
        }
    }
}

extension ProblemCode {
    fileprivate init(_ failure: LabellingFailure) {
        self =
            switch failure {
            case .malformed: .malformedBody
            case .invalid: .invalidRequest
            case .bodiesTooLarge: .memoryInUse
            case .overloaded: .overloaded
            case .deadlineExceeded: .deadlineExceeded
            case .clientGone: .clientGone
            case .modelNotFound: .modelNotFound
            case .loading: .loading
            case .modelFailed: .modelFailed
            case .outputNotFinite: .outputNotFinite
            case .shuttingDown: .shuttingDown
            }
    }
}
