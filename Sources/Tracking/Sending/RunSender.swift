package import Checkpoint
package import MLflow
import Synchronization

/// A background task that delivers the entries of a journal to a store in order, while the journal is being written.
package final class RunSender: Sendable {
    /// The state shared with the background task.
    private struct Shared {
        var isClosed = false
        var isDone = false
        var state: DeliveryState
        var warnings: [String] = []
    }

    /// The files and settings of a sender.
    package struct Job: Sendable {
        /// The directory of the run, to which file paths are relative.
        var directory: String
        var journal: String
        var stateFile: String
        var store: any TrackingStore
        var policy: RetryPolicy
        /// The lock on the journal, held until the sender has ended.
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

    /// The time between two requests while the run continues, so that several fast steps share a request.
    private static let pause = Duration.seconds(1)
    private static let slice = Duration.milliseconds(50)

    /// Starts to deliver the entries that `state` does not count as delivered.
    package init(_ job: Job, state: DeliveryState) {
        shared = Mutex(Shared(state: state))
        let delivering = Task.detached(priority: .utility) { await self.deliver(job) }
        task.withLock { $0 = delivering }
    }

    /// Cancels the sender. A request in flight may still take effect.
    package func cancel() { task.withLock { $0?.cancel() } }

    /// Tells the sender that the journal is complete.
    package func close() { shared.withLock { $0.isClosed = true } }

    /// Whether nothing more will be sent, because everything is delivered or because of ``problem``.
    package var isDone: Bool { shared.withLock { $0.isDone } }
    /// The reason that uploads are pending; `nil` if there was no failure.
    package var problem: String? { shared.withLock { $0.state.problem } }
    /// The run in the store; `nil` until it is created.
    package var run: StoredRun? { shared.withLock { $0.state.run } }

    /// Returns all warnings, each once.
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
        /// The offset up to which the journal is on disk.
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
                        // A store must not have entries that the journal could lose in a power failure: those steps
                        // would be repeated and then recorded twice.
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
                            warn("\(error) The file or model is skipped; run rubricator-train sync to retry.")
                            passed(machine, &records, job)
                            continue
                        }
                        let wait = machine.failed(error, jitter: .random(in: 0...1))
                        publish(machine)
                        guard let wait else {
                            warn("\(error) Tracking stops here; training continues.")
                            return end(machine, job)
                        }
                        if !isTroubled { warn("\(error) The run is recorded locally and will be sent later.") }
                        isTroubled = true
                        try await Task.sleep(for: wait)
                    }
                }
            }
        } catch is CancellationError {
            end(machine, job)
        } catch {
            shared.withLock { $0.state.problem = "\(error)" }
            warn("\(error) Tracking stops here; training continues.")
            end(nil, job)
        }
    }

    /// Removes the completed entries and saves the progress.
    private func passed(_ machine: DeliveryMachine, _ records: inout [JournalReader.Record], _ job: Job) {
        records.removeAll { $0.end <= machine.position }
        publish(machine)
        // Without this file every delivery would be in doubt, which is slower but gives the same result.
        try? machine.state.write(to: job.stateFile)
    }

    /// Waits for `duration`, or until the journal is closed.
    private func pause(_ duration: Duration) async {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end, !Task.isCancelled, !shared.withLock({ $0.isClosed }) {
            try? await Task.sleep(for: Self.slice)
        }
        // Once the journal is closed, check it again immediately, because it ends soon.
        await Task.yield()
    }

    private func perform(
        _ delivery: Delivery, of job: Job, isInDoubt: Bool, run: StoredRun?, key: String
    ) async throws {
        let store = job.store
        guard let run else {
            throw MLflowError.unusable("\(job.journal) is damaged: its first entry is not the start of a run.")
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
            "the MLflow server does not serve the artifacts of this run, which belong at \(TrackingServer.withoutCredentials(run.artifactURI)). The files and the model are not uploaded; they stay in \(job.directory)."
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
