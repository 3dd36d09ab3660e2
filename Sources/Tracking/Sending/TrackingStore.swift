package import MLflow

/// Where runs are kept: a server, or a local folder. Everything may be asked again after an unknown outcome, but for
/// ``log(_:to:)``, before which ``lastSteps(of:)`` tells what is there.
package protocol TrackingStore: Sendable {
    /// The run of this key, made where it is not there.
    func open(_ identity: RunIdentity) async throws -> (run: StoredRun, isNew: Bool)
    /// The highest step of every metric that the store has. A journal has one point of a metric for a step, in the steps' order,
    /// and what is logged together arrives together: so the store has all points up to it.
    func lastSteps(of run: StoredRun) async throws -> [String: Int]
    /// Adds metrics, params and tags.
    func log(_ batch: LogBatch, to run: StoredRun) async throws
    /// Adds data sets.
    func log(_ datasets: [DatasetInput], to run: StoredRun) async throws
    /// Whether it takes files.
    func takesFiles(of run: StoredRun) -> Bool
    /// Puts a file among the run's artifacts.
    func put(file: String, as path: String, of run: StoredRun) async throws
    /// Logs and registers a checkpoint.
    ///
    /// - Parameters:
    ///   - model: Its files are named by their paths below `directory`.
    ///   - directory: The run's.
    ///   - key: The run's, by which the model is found again.
    ///   - run: What made it.
    /// - Throws: `MLflowError`.
    func put(_ model: TrackedModel, from directory: String, key: String, of run: StoredRun) async throws
    /// Says how the run stands.
    func update(_ run: StoredRun, status: Run.Status, time: Int) async throws
}
