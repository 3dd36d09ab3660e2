internal import Checkpoint
internal import Kernels
internal import Labelling
import Logging
internal import Model
internal import NIOPosix
public import ServiceLifecycle
import Synchronization

/// Loads the checkpoints once the port is bound, proves each on one real batch, goes on proving them, and says whether they can
/// answer.
public final class ModelService: Service {
    /// Where a service is between its start and its end.
    public enum Phase: Sendable {
        case loading
        case ready
        /// A model's batch came out wrong, at the start or later, or one does not end. Other models answer all the same.
        case failed(String)
        /// Told to stop: it answers, and would rather not be asked.
        case draining
        case stopped

        fileprivate var mayReload: Bool {
            switch self {
            case .ready, .failed: true
            case .loading, .draining, .stopped: false
            }
        }
    }

    private struct State {
        var phase = Phase.loading
        /// Told to stop, whatever the phase was.
        var isDraining = false
        var isReloading = false
        /// In the order of the settings: the first is the default.
        var models: [ServedModel] = []
        /// Why those of the models that failed the last check do not answer.
        var failures: [ObjectIdentifier: String] = [:]
        /// From the start of ``run()`` on.
        var scheduler: BatchScheduler?

        /// What is told: a service that drains says so, whatever its models do.
        var visiblePhase: Phase {
            switch phase {
            case .ready where isDraining, .loading where isDraining: .draining
            default: phase
            }
        }
    }

    private let settings: ModelSettings
    let logger: Logger
    private let metrics: ServiceMetrics
    private let state = Mutex(State())

    /// A service that loads when it is run.
    init(_ settings: ModelSettings, metrics: ServiceMetrics, logger: Logger) {
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
    }

    /// Where the service is.
    public var phase: Phase { state.withLock { $0.visiblePhase } }

    /// Whether it answers, and would be asked.
    var isReady: Bool { if case .ready = phase { true } else { false } }

    /// Every checkpoint that answers, the default first.
    var models: [ServedModel] { state.withLock { $0.models } }

    /// The checkpoint of this name, or the default.
    ///
    /// - Throws: ``LabellingFailure``: modelNotFound, or why the model cannot answer.
    func model(named name: String? = nil) throws(LabellingFailure) -> ServedModel {
        // What the models can do, whether or not the service drains.
        let (phase, models, failures) = state.withLock { ($0.phase, $0.models, $0.failures) }
        switch phase {
        case .loading: throw .loading
        case .stopped: throw .shuttingDown
        case .ready, .failed, .draining: break
        }
        guard let model = name == nil ? models.first : models.first(where: { $0.name == name }) else {
            throw .modelNotFound(name ?? "", available: models.map(\.name))
        }
        if let reason = failures[ObjectIdentifier(model)] { throw .modelFailed(reason) }
        return model
    }

    /// Loads, checks, and goes on checking until it is told to stop.
    ///
    /// - Throws: Whatever makes a checkpoint unusable; the process cannot serve and should end.
    public func run() async throws {
        let scheduler = BatchScheduler(
            workers: settings.workers, threadsPerWorker: settings.threads, limits: settings.batchLimits,
            observer: metrics)
        do {
            let models = try await load(after: [], on: scheduler)
            state.withLock {
                $0.models = models
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
        setState { $0.phase = .stopped }
        // The service tells this one to stop once its server has answered all it had taken in.
        await scheduler.shutDown()
        state.withLock { $0.models = [] }
    }

    /// Says that this service would rather not be asked any longer, and goes on answering.
    func drain() { setState { $0.isDraining = true } }

    /// Changes the state, and the metric with it.
    private func setState(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            if case .ready = state.visiblePhase { metrics.becomes(ready: true) } else { metrics.becomes(ready: false) }
        }
    }

    /// Reads every checkpoint anew, and answers with them once all have proved themselves. Requests that have begun go on with
    /// those they began with.
    ///
    /// - Throws: ``ReloadFailure``; then all stay as they are.
    func reload() async throws(ReloadFailure) {
        let (old, scheduler) = try state.withLock { state throws(ReloadFailure) in
            guard let scheduler = state.scheduler, state.phase.mayReload else {
                throw .notRunning
            }
            guard !state.isReloading else {
                throw .inProgress
            }
            state.isReloading = true
            return (state.models, scheduler)
        }
        defer { state.withLock { $0.isReloading = false } }
        do {
            let models = try await load(after: old, on: scheduler)
            for model in models { try await model.checkSelf(patiently: true) }
            setState {
                $0.models = models
                $0.failures = [:]
                if case .failed = $0.phase { $0.phase = .ready }
            }
            metrics.reloaded(true)
        } catch {
            metrics.reloaded(false)
            let reason = (error as? SelfCheckFailure)?.reason ?? "\(error)"
            logger.error("reload refused", metadata: ["reason": "\(reason)"])
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
            // The checkpoint's own is often the path of where it was trained.
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

    /// Runs a batch on every checkpoint and sets the phase by what comes out.
    private func checkSelves() async throws {
        var failures: [ObjectIdentifier: String] = [:]
        let (models, scheduler) = state.withLock { ($0.models, $0.scheduler) }
        for model in models {
            do {
                try await model.checkSelf()
            } catch let problem as SelfCheckFailure {
                failures[ObjectIdentifier(model)] = problem.reason
            } catch LabellingFailure.overloaded {
                // What is that busy is answering, or is stuck.
            }
        }
        var failure = models.lazy.compactMap { failures[ObjectIdentifier($0)] }.first
        if let time = scheduler?.longestRun, time > ServedModel.patience {
            // The check above may have had another worker.
            failure = failure ?? "the self-check failed: a batch has been running for \(Int(time / .seconds(1))) s."
        }
        var change: (was: Phase, now: Phase)?
        setState { state in
            // Others may have taken their place meanwhile, and have proved themselves.
            guard state.models.map(ObjectIdentifier.init) == models.map(ObjectIdentifier.init) else { return }
            if case .stopped = state.phase { return }
            let now = failure.map(Phase.failed) ?? .ready
            change = (state.phase, now)
            state.phase = now
            state.failures = failures
        }
        switch change {
        case (.loading, .ready)?, (.failed, .ready)?:
            logger.info(
                "ready",
                metadata: [
                    "models": .array(models.map { "\($0.name)" }), "precision": "\(settings.precision)",
                    "products": "\(settings.precision.instructionSet)",
                    "instruction_set": "\(Arithmetic.instructionSet)",
                    "workers": .stringConvertible(settings.workers), "threads": .stringConvertible(settings.threads),
                ])
        case (.loading, .failed(let reason))?, (.ready, .failed(let reason))?: logger.critical("\(reason)")
        default: break
        }
    }
}

/// Two checkpoints go by one name.
struct DuplicateModel: Error, CustomStringConvertible {
    let name: String

    var description: String { "two checkpoints have the name \(name); give each its own: --model NAME=DIRECTORY." }
}
