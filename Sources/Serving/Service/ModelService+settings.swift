public import Logging

extension ModelService {
    /// Creates a service that loads the checkpoints of `settings` when it runs.
    public convenience init(_ settings: Settings, logger: Logger) {
        self.init(settings.ofModels, metrics: ServiceMetrics(), logger: logger)
    }

    /// Reads the API keys again, and then every checkpoint.
    ///
    /// - Throws: ``ReloadFailure``. If the keys cannot be used, nothing is reloaded.
    func reload(with keys: APIKeys?) async throws(ReloadFailure) {
        do throws(APIKeys.Failure) {
            try keys?.reload()
        } catch {
            logger.error("the API keys were not reloaded", metadata: ["reason": "\(error)"])
            throw .unusableKeys
        }
        try await reload()
    }
}
