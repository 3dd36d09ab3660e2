import Kernels
import Labelling
import Model

/// A checkpoint that answers requests. A request keeps the model that it began with. The memory that the model needs to
/// run is freed after its last request.
final class ServedModel: NamedModel {
    /// The name in requests and answers.
    let name: String
    /// 1 for the first checkpoint of this name, and 1 more after each reload.
    let generation: Int
    let labeller: Labeller
    private let scheduler: BatchScheduler
    private let limits: RequestLimits
    private let metrics: ServiceMetrics
    private let counted: ModelMetrics
    /// Compares recent abstracts with the profile of the checkpoint; `nil` if it has no profile.
    let drift: DriftMonitor?

    /// The labels, in the order of all scores.
    var labels: [String] { labeller.labels }

    init(
        _ labeller: Labeller, name: String, generation: Int, scheduler: BatchScheduler, limits: RequestLimits,
        driftWindow: Int, metrics: ServiceMetrics
    ) {
        self.labeller = labeller
        self.name = name
        self.generation = generation
        self.scheduler = scheduler
        self.limits = limits
        self.metrics = metrics
        let precision = labeller.model.encoder.precision
        counted = metrics.model(
            name, labels: labeller.labels,
            info: [
                ("version", version), ("task", "\(labeller.model.configuration.task)"),
                ("precision", precision.rawValue), ("products", precision.instructionSet),
            ])
        drift = metrics.drift(of: labeller, name, window: driftWindow)
    }

    deinit {
        scheduler.retire(labeller)
        drift?.clear()
    }

    /// Labels one abstract.
    ///
    /// - Parameters:
    ///   - content: The abstract as a text or as sentences.
    ///   - headings: Whether inline headings decide the labels of their sections.
    ///   - caller: The client that waits.
    /// - Returns: A label for every sentence.
    /// - Throws: ``LabellingFailure``: invalid if the model has another task or there are too many sentences; and what
    ///   ``run(_:_:)`` throws.
    func label(
        _ content: PredictRequest.Item.Content, headings: HeadingPolicy, for caller: Caller
    ) async throws -> LabelledAbstract {
        let prepared = try prepare(content, headings: headings, for: caller)
        return try decode(prepared, rows: try await run(prepared.layout.windows, caller)[...])
    }

    /// Labels a batch. An item that cannot be labelled does not fail the others.
    ///
    /// - Parameters:
    ///   - items: Abstracts, or the reasons why they are invalid.
    ///   - headings: Whether inline headings decide the labels of their sections.
    ///   - caller: The client that waits.
    /// - Returns: The labels, or the reason why there are none, of each item in its order.
    /// - Throws: ``LabellingFailure``: invalid if there are too many sentences in total; and what ``run(_:_:)`` throws.
    func label(
        _ items: [PredictRequest.BatchItem], headings: HeadingPolicy, for caller: Caller
    ) async throws -> [Result<LabelledAbstract, LabellingFailure>] {
        var prepared: [Result<PreparedAbstract, LabellingFailure>] = []
        var sentences = 0
        for item in items {
            // Yield so that a large batch cannot starve other requests.
            await Task.yield()
            try caller.check()
            let result = item.content.flatMap { content in
                Result { () throws(LabellingFailure) in try prepare(content, headings: headings, for: caller) }
            }
            if case .success(let prepared) = result { sentences += prepared.abstract.sentences.count }
            try check(sentences: sentences)
            prepared.append(result)
        }
        let valid = prepared.compactMap { try? $0.get() }
        var rows = try await run(valid.flatMap(\.layout.windows), caller)[...]
        var results: [Result<LabelledAbstract, LabellingFailure>] = []
        for item in prepared {
            await Task.yield()
            results.append(
                item.flatMap { prepared in
                    let own = prepared.layout.windows.takeRows(from: &rows)
                    return Result { () throws(LabellingFailure) in try decode(prepared, rows: own) }
                })
        }
        return results
    }

    /// Labels one line of a stream, or returns the reason why it is not labelled.
    func label(
        _ item: PredictRequest.BatchItem, headings: HeadingPolicy, for caller: Caller
    ) async -> Result<LabelledAbstract, LabellingFailure> {
        do {
            return .success(try await label(item.content.get(), headings: headings, for: caller))
        } catch let failure as LabellingFailure {
            return .failure(failure)
        } catch {
            return .failure(.shuttingDown)
        }
    }

    /// Labels texts as wholes. A text that cannot be labelled does not fail the others.
    ///
    /// - Parameters:
    ///   - texts: Texts, or the reasons why they are invalid.
    ///   - caller: The client that waits.
    /// - Returns: The labels, or the reason why there are none, of each item in its order.
    /// - Throws: ``LabellingFailure``: invalid if the model has another task; and what ``run(_:_:)`` throws.
    func label(
        texts: [Result<String, LabellingFailure>], for caller: Caller
    ) async throws -> [Result<LabelledText, LabellingFailure>] {
        var prepared: [Result<PreparedText, LabellingFailure>] = []
        do {
            // Before the texts are looked at: if the model has another task, the whole request fails.
            try labeller.checkLabelsTexts()
            for text in texts {
                await Task.yield()
                try caller.check()
                switch text {
                case .success(let text):
                    prepared.append(.success(try metrics.timing(.prepare) { try labeller.prepare(text: text) }))
                case .failure(let problem): prepared.append(.failure(problem))
                }
            }
        } catch let error as LabellingError {
            throw LabellingFailure.invalid("texts: \(error)")
        }
        var rows = try await run(prepared.compactMap { try? $0.get().window }, caller)[...]
        return prepared.map { item in
            item.flatMap { prepared in
                let logits = rows.removeFirst()
                return Result { () throws(LabellingFailure) in try decode(prepared, logits: logits) }
            }
        }
    }

    /// A batch that runs longer than this counts as stuck.
    static let patience = Duration.seconds(60)

    /// Runs a small batch to prove that the model computes finite numbers.
    ///
    /// - Parameter patiently: Whether to retry while the service is overloaded.
    /// - Throws: ``SelfCheckFailure`` if the output is not finite, or if there is none within a minute;
    ///   ``LabellingFailure/overloaded(retryAfter:)``.
    func checkSelf(patiently: Bool = false) async throws {
        let text = "We aimed to test the service. It answered in 3 of 3 cases (p < 0.05)."
        let windows =
            labeller.labelsSentences
            ? try labeller.prepare(labeller.abstract(text)).layout.windows : [try labeller.prepare(text: text).window]
        let rows: LogitRows
        let caller = Caller(until: Deadline(allowing: Self.patience))
        do {
            rows = try await patiently ? waitingRun(windows, caller) : scheduler.run(windows, on: labeller, for: caller)
        } catch LabellingFailure.deadlineExceeded {
            throw SelfCheckFailure(
                reason: "the self-check failed: there was no result within \(Self.patience.inSeconds).")
        }
        guard rows[...].isFinite else {
            throw SelfCheckFailure(
                reason:
                    "the self-check failed: the model's output is not finite. The checkpoint is damaged; replace it.")
        }
    }

    private func prepare(
        _ content: PredictRequest.Item.Content, headings: HeadingPolicy, for caller: Caller
    ) throws(LabellingFailure) -> PreparedAbstract {
        try metrics.timing(.prepare) { () throws(LabellingFailure) in
            let abstract =
                switch content {
                case .text(let text): try labeller.abstract(text, atMost: limits.sentences, check: caller.check)
                case .sentences(let sentences): Abstract(sentences: sentences)
                }
            try check(sentences: abstract.sentences.count)
            do {
                return try labeller.prepare(abstract, headings: headings, check: caller.check)
            } catch let failure as LabellingFailure {
                throw failure
            } catch {
                throw LabellingFailure.invalid("\(error)")
            }
        }
    }

    private func check(sentences: Int) throws(LabellingFailure) {
        guard sentences <= limits.sentences else {
            throw LabellingFailure.invalid(
                "the request has more than \(limits.sentences) sentences, the limit of this service. Split the request into several."
            )
        }
    }

    private func decode(
        _ prepared: PreparedAbstract, rows: Slice<LogitRows>
    ) throws(LabellingFailure) -> LabelledAbstract {
        guard rows.isFinite else { throw .outputNotFinite }
        let labelled = metrics.timing(.decode) { labeller.decode(prepared, rows: rows) }
        for sentence in labelled.sentences {
            counted.gave(sentence.label, confidence: sentence.confidence, byHeading: sentence.source == .heading)
            if sentence.truncated { counted.truncatedOne() }
        }
        drift?.add(prepared, labelled, labeller)
        return labelled
    }

    private func decode(_ prepared: PreparedText, logits: [Double]) throws(LabellingFailure) -> LabelledText {
        guard logits.allSatisfy(\.isFinite) else { throw .outputNotFinite }
        let labelled = metrics.timing(.decode) { labeller.decode(prepared, logits: logits) }
        if labelled.truncated { counted.truncatedOne() }
        for label in labelled.labels { counted.gave(label, confidence: labelled.scores[label], byHeading: false) }
        return labelled
    }

    /// Runs windows. The work of a stream is retried while the service is overloaded; its client sends no more
    /// meanwhile.
    ///
    /// - Throws: ``LabellingFailure``: overloaded, deadlineExceeded or clientGone; or `CancellationError`.
    private func run(_ windows: [Window], _ caller: Caller) async throws -> LogitRows {
        try await caller.stream == nil
            ? scheduler.run(windows, on: labeller, for: caller) : waitingRun(windows, caller)
    }

    /// Runs windows, and retries while the service is overloaded and the client is connected.
    private func waitingRun(_ windows: [Window], _ caller: Caller) async throws -> LogitRows {
        while true {
            do {
                return try await scheduler.run(windows, on: labeller, for: caller)
            } catch LabellingFailure.overloaded(let retryAfter) {
                guard caller.isThere() else { throw LabellingFailure.clientGone }
                try await Task.sleep(for: max(.milliseconds(10), min(retryAfter, .milliseconds(250))))
            }
        }
    }
}
