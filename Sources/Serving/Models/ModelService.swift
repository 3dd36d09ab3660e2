internal import Checkpoint
internal import Kernels
internal import Labelling
import Logging
internal import Model
internal import NIOPosix
public import ServiceLifecycle
import Synchronization

/// Loads the checkpoints, checks each of them with a real batch at the start and then at intervals, and knows which of
/// them can answer.
public final class ModelService: Service {
    private struct Guarded {
        var state = ModelState<ServedModel>()
        /// Present once the first models have loaded.
        var scheduler: BatchScheduler?
    }

    private let settings: ModelSettings
    let logger: Logger
    private let metrics: ServiceMetrics
    private let guarded = Mutex(Guarded())

    /// Creates a service that loads its checkpoints when it runs.
    init(_ settings: ModelSettings, metrics: ServiceMetrics, logger: Logger) {
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
    }

    /// The stage of the service, as clients see it.
    package var phase: ModelPhase { guarded.withLock { $0.state.visiblePhase } }

    /// Whether the service answers and does not drain.
    var isReady: Bool { phase == .ready }

    /// Every model, the default first.
    var models: [ServedModel] { guarded.withLock { $0.state.models } }

    /// Finds the model of a name, or the default model.
    ///
    /// - Throws: ``LabellingFailure``: loading, shuttingDown, modelNotFound, or modelFailed.
    func model(named name: String? = nil) throws(LabellingFailure) -> ServedModel {
        try guarded.withLock { guarded throws(LabellingFailure) in try guarded.state.model(named: name) }
    }

    /// Loads the checkpoints, then checks them at intervals until a graceful shutdown.
    ///
    /// - Throws: The reason why a checkpoint cannot be used. The process cannot serve and should exit.
    public func run() async throws {
        let scheduler = BatchScheduler(
            workers: settings.workers, threadsPerWorker: settings.threads, limits: settings.batchLimits,
            observer: metrics)
        do {
            let models = try await load(after: [], on: scheduler)
            guarded.withLock {
                $0.state.loaded(models)
                $0.scheduler = scheduler
            }
            try await checkSelves()
        } catch {
            await scheduler.shutDown()
            throw error
        }
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: self.settings.selfCheckInterval)
                try await self.checkSelves()
            }
        }
        update { $0.stopped() }
        // The shutdown of the models begins after the server has answered all requests in flight.
        await scheduler.shutDown()
        guarded.withLock { $0.state.unloaded() }
    }

    /// Reports the service as not ready. It still answers.
    func drain() { update { $0.drain() } }

    /// Changes the state, and the metric with it.
    private func update<Value: Sendable>(_ change: (inout ModelState<ServedModel>) -> Value) -> Value {
        guarded.withLock { guarded in
            defer { metrics.becomes(ready: guarded.state.visiblePhase == .ready) }
            return change(&guarded.state)
        }
    }

    /// Reads every checkpoint again and switches to them once all have passed their self-check. Requests in flight keep
    /// the models that they began with.
    ///
    /// - Throws: ``ReloadFailure``, in which case nothing has changed.
    func reload() async throws(ReloadFailure) {
        let (old, scheduler) = try guarded.withLock { guarded throws(ReloadFailure) in
            guard let scheduler = guarded.scheduler else { throw .notRunning }
            return (try guarded.state.beginReload(), scheduler)
        }
        do {
            let models = try await load(after: old, on: scheduler)
            for model in models { try await model.checkSelf(patiently: true) }
            update { $0.endReload(models) }
            metrics.reloaded(true)
        } catch {
            update { $0.endReload(nil) }
            metrics.reloaded(false)
            let reason = (error as? SelfCheckFailure)?.reason ?? "\(error)"
            logger.error("the checkpoints were not reloaded", metadata: ["reason": "\(reason)"])
            throw .unusableCheckpoint
        }
    }

    private func load(after old: [ServedModel], on scheduler: BatchScheduler) async throws -> [ServedModel] {
        let clock = ContinuousClock()
        var models: [ServedModel] = []
        for source in settings.sources {
            let start = clock.now
            let settings = settings
            let labeller = try await NIOThreadPool.singleton.runIfActive {
                try Labeller(
                    CheckpointDirectory(path: source.directory), settings.precision, lowercase: settings.lowercase)
            }
            // The name in a configuration is often the path at which the checkpoint was trained.
            let given = labeller.model.configuration.name ?? source.directory
            let name = source.name ?? given.split(separator: "/").last.map(String.init) ?? given
            guard !models.contains(where: { $0.name == name }) else { throw DuplicateModel(name: name) }
            let generation = 1 + (old.first { $0.name == name }?.generation ?? 0)
            models.append(
                ServedModel(
                    labeller, name: name, generation: generation, scheduler: scheduler,
                    limits: settings.requestLimits, driftWindow: settings.driftWindow, metrics: metrics))
            logger.info(
                "loaded",
                metadata: [
                    "model": "\(name)", "generation": .stringConvertible(generation),
                    "load_ms": .stringConvertible((clock.now - start) / .milliseconds(1)),
                ])
        }
        return models
    }

    /// Runs a batch on every model and updates the phase by the results.
    private func checkSelves() async throws {
        var failures: [ObjectIdentifier: String] = [:]
        let (models, scheduler) = guarded.withLock { ($0.state.models, $0.scheduler) }
        for model in models {
            do {
                try await model.checkSelf()
            } catch let problem as SelfCheckFailure {
                failures[ObjectIdentifier(model)] = problem.reason
            } catch LabellingFailure.overloaded {
                // Overloaded is not a failure: either the models make progress, or the check of the longest run below
                // fails.
            }
        }
        var failure = models.lazy.compactMap { failures[ObjectIdentifier($0)] }.first
        if let time = scheduler?.longestRun, time > ServedModel.patience {
            // The checks above may have run on other workers than the one that is stuck.
            failure = failure ?? "the self-check failed: a batch has been running for \(Int(time / .seconds(1))) s."
        }
        let change = update { $0.checked(models, failures: failures, failure: failure) }
        switch change {
        case .becameReady:
            logger.info(
                "ready",
                metadata: [
                    "models": .array(models.map { "\($0.name)" }), "precision": "\(settings.precision)",
                    "products": "\(settings.precision.instructionSet)",
                    "instruction_set": "\(Arithmetic.instructionSet)",
                    "workers": .stringConvertible(settings.workers), "threads": .stringConvertible(settings.threads),
                ])
        case .becameFailed(let reason): logger.critical("\(reason)")
        case nil: break
        }
    }
}
