import Logging
import MLflow

/// A tracker's names that a service looks up again and again, as they may come to lead to other checkpoints.
struct FollowedModels {
    let cache: ModelCache
    /// Between two looks.
    let interval: Duration
    /// What each name led to.
    var names: [ModelLocation: String] = [:]

    init(cache: ModelCache, interval: Duration) {
        self.cache = cache
        self.interval = interval
    }

    /// Looks until it is cancelled; what cannot be looked up or fetched stays as it is.
    ///
    /// - Parameters:
    ///   - logger: Is told of changes and failures.
    ///   - reload: Has the service read its checkpoints anew: their directories lead to the new ones by then.
    func run(_ logger: Logger, reload: () -> Void) async {
        var names = names
        while (try? await Task.sleep(for: interval)) != nil {
            var hasChanged = false
            for (location, name) in names {
                do {
                    let entry = try await cache.fetch(location, known: name)
                    if let staleness = entry.staleness {
                        logger.warning("the tracker does not answer", metadata: ["reason": "\(staleness)"])
                    }
                    guard entry.name != name else { continue }
                    logger.info("another checkpoint", metadata: ["model": "\(location)", "fetched": "\(entry.name)"])
                    names[location] = entry.name
                    hasChanged = true
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("not fetched", metadata: ["model": "\(location)", "reason": "\(error)"])
                }
            }
            if hasChanged { reload() }
        }
    }
}
