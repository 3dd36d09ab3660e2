package import Checkpoint
package import MLflow
import Synchronization

/// Delivers a journal to a store in the background, entry after entry, while it is being written.
package final class RunSender: Sendable {
    /// Where things stand.
    private struct Shared {
        var isClosed = false
        var isDone = false
        var state: DeliveryState
        var warnings: [String] = []
    }

    /// What it works on.
    package struct Job: Sendable {
        /// The run's directory, below which files are.
        var directory: String
        var journal: String
        var stateFile: String
        var store: any TrackingStore
        var policy: RetryPolicy
        /// Held, as the store is, until the sender has ended.
        var lock: DirectoryLock?

        package init(
            directory: String, journal: String, stateFile: String, store: any TrackingStore, policy: RetryPolicy,
            lock: DirectoryLock? = nil
        ) {
            self.directory = directory
            self.journal = journal
            self.stateFile = stateFile
            self.store = store
            self.policy = policy
            self.lock = lock
        }
    }

    private let shared: Mutex<Shared>
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// The time between two requests while the run goes on, so that fast steps go together.
    private static let pause = Duration.seconds(1)
    private static let slice = Duration.milliseconds(50)

    /// Begins to deliver what `state` says is missing.
    package init(_ job: Job, state: DeliveryState) {
        shared = Mutex(Shared(state: state))
        let delivering = Task.detached(priority: .utility) { await self.deliver(job) }
        task.withLock { $0 = delivering }
    }

    /// Ends it, wherever it is; what it was asking may still happen.
    package func cancel() { task.withLock { $0?.cancel() } }

    /// Says that the journal will not grow.
    package func close() { shared.withLock { $0.isClosed = true } }

    /// Whether nothing more will be sent: all is delivered, or ``problem`` says why not.
    package var isDone: Bool { shared.withLock { $0.isDone } }
    /// Why not everything is delivered; `nil` where there was no trouble.
    package var problem: String? { shared.withLock { $0.state.problem } }
    /// The run, once it is there.
    package var run: StoredRun? { shared.withLock { $0.state.run } }

    /// What a person should know, once.
    package func takeWarnings() -> [String] {
        shared.withLock { shared in
            defer { shared.warnings = [] }
            return shared.warnings
        }
    }

    private func deliver(_ job: Job) async {
        var machine = DeliveryMachine(shared.withLock { $0.state }, policy: job.policy)
        var reader = JournalReader(path: job.journal, offset: machine.state.offset)
        var records: [JournalReader.Record] = []
        var key = ""
        var isTroubled = false
        /// The byte up to which the journal is on the disk.
        var synchronised = 0
        do {
            var beginning = JournalReader(path: job.journal)
            if case .begin(let identity)? = try beginning.next()?.entry { key = identity.key }
            while true {
                machine.isClosed = shared.withLock { $0.isClosed }
                while records.count < Delivery.mostRecords, let record = try reader.next() { records.append(record) }
                switch machine.next(records) {
                case .done: return end(machine, job)
                case .idle:
                    try Task.checkCancellation()
                    await pause(Self.slice)
                case .send(let delivery, let isInDoubt):
                    do {
                        // A store must not know what the journal loses with the machine's power: the steps that are then
                        // taken again would be there twice.
                        if synchronised < delivery.end {
                            synchronised = try FileParts.size(of: job.journal)
                            JournalReader.synchronise(job.journal)
                        }
                        if case .begin(let identity) = delivery.content {
                            let (run, isNew) = try await job.store.open(identity)
                            machine.opened(run, isNew: isNew, journalOf: try FileParts.size(of: job.journal))
                        } else {
                            try await perform(delivery, of: job, isInDoubt: isInDoubt, run: machine.state.run, key: key)
                        }
                        machine.succeeded(delivery)
                        isTroubled = false
                        passed(machine, &records, job)
                        if records.count < Delivery.mostRecords { await pause(Self.pause) }
                    } catch let error as MLflowError {
                        if machine.refused(delivery, error) {
                            warn("\(error) The rest is sent without it; rubricator-train sync tries it again.")
                            passed(machine, &records, job)
                            continue
                        }
                        let wait = machine.failed(error, jitter: .random(in: 0...1))
                        publish(machine)
                        guard let wait else {
                            warn("\(error) Tracking stops here; training goes on.")
                            return end(machine, job)
                        }
                        if !isTroubled { warn("\(error) The run is written down and sent later.") }
                        isTroubled = true
                        try await Task.sleep(for: wait)
                    }
                }
            }
        } catch is CancellationError {
            end(machine, job)
        } catch {
            shared.withLock { $0.state.problem = "\(error)" }
            warn("\(error) Tracking stops here; training goes on.")
            end(nil, job)
        }
    }

    /// What is written down where a delivery is done with.
    private func passed(_ machine: DeliveryMachine, _ records: inout [JournalReader.Record], _ job: Job) {
        records.removeAll { $0.end <= machine.position }
        publish(machine)
        // Without the file everything is asked about again: slower, and the same in the end.
        try? machine.state.write(to: job.stateFile)
    }

    /// Waits, but not longer than until the journal is closed.
    private func pause(_ duration: Duration) async {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end, !Task.isCancelled, !shared.withLock({ $0.isClosed }) {
            try? await Task.sleep(for: Self.slice)
        }
        // A closed journal that has nothing new is asked about again at once; its end is near.
        await Task.yield()
    }

    private func perform(
        _ delivery: Delivery, of job: Job, isInDoubt: Bool, run: StoredRun?, key: String
    ) async throws {
        let store = job.store
        guard let run else {
            throw MLflowError.unusable("\(job.journal) does not begin with a run.")
        }
        switch delivery.content {
        case .begin: break
        case .log(var batch):
            if isInDoubt, !batch.metrics.isEmpty {
                batch = batch.removing(upTo: try await store.lastSteps(of: run))
            }
            if !batch.isEmpty { try await store.log(batch, to: run) }
        case .datasets(let datasets): try await store.log(datasets, to: run)
        case .artifact(let path, let file):
            guard takes(filesOf: run, job) else { break }
            try await store.put(file: "\(job.directory)/\(file)", as: path, of: run)
        case .model(let model):
            guard takes(filesOf: run, job) else { break }
            try await store.put(model, from: job.directory, key: key, of: run)
        case .status(let status, let time): try await store.update(run, status: status, time: time)
        }
    }

    private func takes(filesOf run: StoredRun, _ job: Job) -> Bool {
        if job.store.takesFiles(of: run) { return true }
        warn(
            "the artifacts of this run are to be at \(TrackingServer.withoutCredentials(run.artifactURI)), which the MLflow server does not serve itself: files and model stay in \(job.directory)."
        )
        return false
    }

    private func warn(_ sentence: String) {
        shared.withLock { if !$0.warnings.contains(sentence) { $0.warnings.append(sentence) } }
    }

    private func publish(_ machine: DeliveryMachine) { shared.withLock { $0.state = machine.state } }

    private func end(_ machine: DeliveryMachine?, _ job: Job) {
        if let machine { try? machine.state.write(to: job.stateFile) }
        shared.withLock {
            if let machine { $0.state = machine.state }
            $0.isDone = true
        }
    }
}
