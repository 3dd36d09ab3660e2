package import MLflow

/// One request to a store, and the offset of the end of the journal entries that it covers.
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

    /// Creates the next delivery from the entries that are not delivered yet; as large as the limits allow.
    ///
    /// The rule is fixed: from the same offset, the same journal gives the same delivery, or a larger one if the
    /// journal has grown. The first delivery after a restart therefore covers any delivery that was in flight when the
    /// process died.
    ///
    /// - Parameter records: The next entries of the journal, at least ``mostRecords`` if there are so many.
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

    /// The largest number of entries in one delivery.
    package static let mostRecords = LogLimits.metrics + 2 * LogLimits.pairs
}
