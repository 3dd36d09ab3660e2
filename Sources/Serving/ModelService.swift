internal import Checkpoint
internal import HTTPTypes
internal import Kernels
internal import Labelling
public import Logging
internal import NIOPosix
public import ServiceLifecycle
import Synchronization

/// Loads the checkpoint once the port is bound, proves it on one real batch, and says whether it can answer.
public final class ModelService: Service {
    /// Where a service is between its start and its end.
    public enum Phase: Sendable {
        case loading
        case ready(LoadedService)
        /// The checkpoint loaded but its first batch came out wrong.
        case failed(String)
        case draining
    }

    private let settings: Settings
    private let logger: Logger
    private let state = Mutex<Phase>(.loading)

    /// A service that loads when it is run.
    public init(_ settings: Settings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Where the service is.
    public var phase: Phase { state.withLock { $0 } }

    /// The loaded checkpoint.
    ///
    /// - Throws: ``Problem`` 503 with the reason where there is none.
    public func loaded() throws(Problem) -> LoadedService {
        switch phase {
        case .ready(let service): return service
        case .loading: throw Problem(.serviceUnavailable, "the model is loading.", headers: [.retryAfter: "1"])
        case .failed(let reason): throw Problem(.serviceUnavailable, reason)
        case .draining:
            throw Problem(.serviceUnavailable, "the service is shutting down.", headers: [.connection: "close"])
        }
    }

    /// Loads, checks, and then waits to be told to stop.
    ///
    /// - Throws: Whatever makes the checkpoint unusable; the process cannot serve and should end.
    public func run() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let settings = settings
        let labeller = try await NIOThreadPool.singleton.runIfActive {
            try Labeller(
                CheckpointDirectory(path: settings.model), settings.precision, lowercase: settings.lowercase)
        }
        let scheduler = BatchScheduler(
            labeller, workers: settings.workers, threadsPerWorker: settings.threads, limits: settings.batchLimits)
        let service = LoadedService(labeller: labeller, scheduler: scheduler, settings: settings)
        do {
            try await service.checkSelf()
            state.withLock { $0 = .ready(service) }
            logger.info(
                "ready",
                metadata: [
                    "model": "\(service.name)", "load_ms": "\((clock.now - start) / .milliseconds(1))",
                    "precision": "\(settings.precision)", "products": "\(settings.precision.instructionSet)",
                    "instruction_set": "\(Arithmetic.instructionSet)",
                    "workers": "\(settings.workers)", "threads": "\(settings.threads)",
                ])
        } catch let problem as SelfCheckFailure {
            logger.critical("\(problem.reason)")
            state.withLock { $0 = .failed(problem.reason) }
        }
        try? await gracefulShutdown()
        state.withLock { $0 = .draining }
        // Services end in reverse order: by now the server has answered all it had taken in.
        await scheduler.shutDown()
    }
}

/// The first batch came out wrong.
struct SelfCheckFailure: Error {
    let reason: String
}
