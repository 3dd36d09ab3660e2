package import MLflow

/// One thing to ask of a store, and the byte of the journal after what it covers.
package struct Delivery: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case begin(RunIdentity)
        case log(LogBatch)
        case datasets([DatasetInput])
        case artifact(path: String, file: String)
        case model(TrackedModel)
        case status(Run.Status, time: Int)
    }

    package var content: Content
    package var end: Int

    /// The next delivery of what is not delivered yet, as large as it may be.
    ///
    /// The same journal from the same place on always gives the same delivery, or one that covers more: so one that was on its
    /// way when the process died is within the first of its successor.
    ///
    /// - Parameter records: What the journal holds from there on, at least ``mostRecords`` where there are as many.
    package init?(_ records: [JournalReader.Record]) {
        guard let first = records.first else { return nil }
        end = first.end
        switch first.entry {
        case .begin(let identity): content = .begin(identity)
        case .datasets(let datasets): content = .datasets(datasets)
        case .artifact(let path, let file): content = .artifact(path: path, file: file)
        case .model(let model): content = .model(model)
        case .status(let status, let time): content = .status(status, time: time)
        case .metrics, .params, .tags:
            var batch = LogBatch()
            for record in records {
                guard batch.add(record.entry) else { break }
                end = record.end
            }
            content = .log(batch)
        }
    }

    /// The most entries that one delivery can cover.
    package static let mostRecords = LogLimits.metrics + 2 * LogLimits.pairs
}
