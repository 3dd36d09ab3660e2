package import MLflow

/// A store of runs: a server or a local folder. Every operation may be repeated after an unknown outcome, except
/// ``log(_:to:)``; call ``lastSteps(of:)`` before repeating that.
package protocol TrackingStore: Sendable {
    /// Returns the run with the key of `identity`, and creates it if it does not exist.
    func open(_ identity: RunIdentity) async throws -> (run: StoredRun, isNew: Bool)
    /// Returns the last step of every metric in the store. A journal has the points of a metric in the order of their
    /// steps, and a store accepts the points of a request together or not at all. Therefore the store has all points up
    /// to this step.
    func lastSteps(of run: StoredRun) async throws -> [String: Int]
    /// Adds metrics, parameters and tags.
    func log(_ batch: LogBatch, to run: StoredRun) async throws
    /// Adds data sets.
    func log(_ datasets: [DatasetInput], to run: StoredRun) async throws
    /// Returns whether the store accepts files.
    func takesFiles(of run: StoredRun) -> Bool
    /// Stores a file as an artifact of the run.
    func put(file: String, as path: String, of run: StoredRun) async throws
    /// Logs a checkpoint as a model, and registers it if requested.
    ///
    /// - Parameters:
    ///   - model: The checkpoint, with file paths relative to `directory`.
    ///   - directory: The directory of the run.
    ///   - key: The key of the run, by which the model is found again.
    ///   - run: The run that produced the checkpoint.
    /// - Throws: `MLflowError` if a request fails or a file cannot be used.
    func put(_ model: TrackedModel, from directory: String, key: String, of run: StoredRun) async throws
    /// Updates the status of the run.
    func update(_ run: StoredRun, status: Run.Status, time: Int) async throws
}
