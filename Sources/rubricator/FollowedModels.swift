import Logging
import MLflow

/// The references to checkpoints that a service polls, because a name or alias may move to another checkpoint.
struct FollowedModels {
    let cache: ModelCache
    /// The time between two polls.
    let interval: Duration
    /// The checkpoint that each reference resolved to last.
    var names: [ModelLocation: String] = [:]

    init(cache: ModelCache, interval: Duration) {
        self.cache = cache
        self.interval = interval
    }

    /// Polls until the task is cancelled. A reference that cannot be resolved or fetched keeps its checkpoint.
    ///
    /// - Parameters:
    ///   - logger: Logs changes and failures.
    ///   - reload: Makes the service reload its checkpoints, whose directories then hold the new ones.
    func run(_ logger: Logger, reload: () -> Void) async {
        var names = names
        while (try? await Task.sleep(for: interval)) != nil {
            var hasChanged = false
            for (location, name) in names {
                do {
                    let entry = try await cache.fetch(location, known: name)
                    if let staleness = entry.staleness {
                        logger.warning("the tracking server does not respond", metadata: ["reason": "\(staleness)"])
                    }
                    guard entry.name != name else { continue }
                    logger.info(
                        "fetched another checkpoint", metadata: ["model": "\(location)", "fetched": "\(entry.name)"])
                    names[location] = entry.name
                    hasChanged = true
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning(
                        "cannot fetch the checkpoint", metadata: ["model": "\(location)", "reason": "\(error)"])
                }
            }
            if hasChanged { reload() }
        }
    }
}
