internal import Kernels
internal import Labelling
import Synchronization

/// A team of threads that runs one batch at a time, of any model.
final class BatchWorker: Sendable {
    private struct Engines {
        let team: ThreadTeam
        var ofLabeller: [ObjectIdentifier: Engine] = [:]
    }

    private let engines: Mutex<Engines>
    private let tokens: Int

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threads: Threads that share a batch.
    ///   - tokens: Tokens of a batch for which memory is reserved.
    init(threads: Int, tokens: Int) {
        engines = Mutex(Engines(team: ThreadTeam(count: threads)))
        self.tokens = tokens
    }

    /// Computes the logits of windows, one row for each span. Waits for a batch that is running.
    func run(_ windows: [Window], on labeller: Labeller) -> LogitRows {
        engines.withLock { engines in
            let id = ObjectIdentifier(labeller)
            let engine = engines.ofLabeller[id] ?? Engine(labeller, team: engines.team, tokens: tokens)
            engines.ofLabeller[id] = engine
            return engine.run(windows)
        }
    }

    /// Frees the memory that a model needs to run.
    func forget(_ labeller: Labeller) {
        engines.withLock { $0.ofLabeller[ObjectIdentifier(labeller)] = nil }
    }
}
