import HTTPTypes
public import Labelling
import Model

/// A checkpoint that answers requests.
public struct LoadedService: Sendable {
    /// The checkpoint.
    public let labeller: Labeller
    let scheduler: BatchScheduler
    let settings: Settings

    /// The name answers carry.
    public var name: String {
        let directory = settings.model.split(separator: "/").last.map(String.init) ?? settings.model
        return settings.modelName ?? labeller.model.configuration.name ?? directory
    }

    /// Labels one abstract.
    ///
    /// - Parameters:
    ///   - content: The abstract as a text or as sentences.
    ///   - headings: Whether its inline headings decide.
    ///   - deadline: When nobody waits for the answer any longer.
    /// - Returns: A label for every sentence.
    /// - Throws: ``Problem`` 422 where the checkpoint has another task or there are too many sentences; 429 where too
    ///   much is waiting; 504 where the deadline has passed.
    public func label(
        _ content: PredictRequest.Item.Content, headings: HeadingPolicy, deadline: Deadline
    ) async throws -> LabelledAbstract {
        let prepared = try prepare(content, headings: headings)
        return try decode(prepared, rows: try await run(prepared.layout.windows, deadline))
    }

    /// Labels a batch; an item that cannot be labelled fails alone.
    ///
    /// - Parameters:
    ///   - items: Abstracts, or what is wrong with them.
    ///   - headings: Whether inline headings decide.
    ///   - deadline: When nobody waits for the answer any longer.
    /// - Returns: In the same order.
    /// - Throws: ``Problem`` 422 where there are too many sentences in all; 429 where too much is waiting; 504 where the
    ///   deadline has passed.
    public func label(
        _ items: [PredictRequest.BatchItem], headings: HeadingPolicy, deadline: Deadline
    ) async throws -> [Result<LabelledAbstract, Problem>] {
        let prepared = items.map { item in
            item.content.flatMap { content in
                Result { () throws(Problem) in try prepare(content, headings: headings) }
            }
        }
        let valid = prepared.compactMap { try? $0.get() }
        try check(sentences: valid.reduce(0) { $0 + $1.abstract.sentences.count })
        var rows = try await run(valid.flatMap(\.layout.windows), deadline)[...]
        return prepared.map { item in
            item.flatMap { prepared in
                let own = prepared.layout.windows.takeRows(from: &rows)
                return Result { () throws(Problem) in try decode(prepared, rows: own) }
            }
        }
    }

    /// Labels texts as wholes.
    ///
    /// - Parameters:
    ///   - texts: Any texts.
    ///   - deadline: When nobody waits for the answer any longer.
    /// - Returns: In the same order.
    /// - Throws: ``Problem`` 422 where the checkpoint has another task; 429 where too much is waiting; 504 where the
    ///   deadline has passed.
    public func label(texts: [String], deadline: Deadline) async throws -> [LabelledText] {
        let prepared: [PreparedText]
        do {
            prepared = try texts.map(labeller.prepare(text:))
        } catch let error as LabellingError {
            throw Problem(.unprocessableContent, "texts: \(error)")
        }
        let rows = try await run(prepared.map(\.window), deadline)
        try check(finite: rows)
        return zip(prepared, rows).map { labeller.decode($0, logits: $1) }
    }

    /// Runs a real batch and looks at what comes out.
    ///
    /// - Throws: ``SelfCheckFailure`` where it is not a number.
    func checkSelf() async throws {
        let text = "We aimed to test the service. It answered in 3 of 3 cases (p < 0.05)."
        let windows =
            labeller.labelsSentences
            ? try labeller.prepare(labeller.abstract(text)).layout.windows : [try labeller.prepare(text: text).window]
        let rows = try await scheduler.run(windows)
        guard rows.joined().allSatisfy(\.isFinite) else {
            throw SelfCheckFailure(
                reason:
                    "the self-check failed: the model's output is not finite. The checkpoint is damaged; replace it.")
        }
    }

    private func prepare(
        _ content: PredictRequest.Item.Content, headings: HeadingPolicy
    ) throws(Problem) -> PreparedAbstract {
        let abstract =
            switch content {
            case .text(let text): labeller.abstract(text)
            case .sentences(let sentences): Abstract(sentences: sentences)
            }
        try check(sentences: abstract.sentences.count)
        do {
            return try labeller.prepare(abstract, headings: headings)
        } catch {
            throw Problem(.unprocessableContent, "\(error)")
        }
    }

    private func check(sentences: Int) throws(Problem) {
        guard sentences <= settings.requestLimits.sentences else {
            throw Problem(
                .unprocessableContent,
                "the request has \(sentences) sentences; this service takes \(settings.requestLimits.sentences) at most. Send several requests."
            )
        }
    }

    private func decode(_ prepared: PreparedAbstract, rows: [[Double]]) throws(Problem) -> LabelledAbstract {
        try check(finite: rows)
        return labeller.decode(prepared, rows: rows)
    }

    private func check(finite rows: [[Double]]) throws(Problem) {
        guard rows.joined().allSatisfy(\.isFinite) else {
            throw Problem(
                .internalServerError,
                "the model's output is not a number. The checkpoint or the machine's memory may be damaged.")
        }
    }

    private func run(_ windows: [Window], _ deadline: Deadline) async throws -> [[Double]] {
        do {
            return try await scheduler.run(windows, deadline: deadline.instant)
        } catch let overloaded as BatchScheduler.Overloaded {
            let seconds = max(1, (overloaded.retryAfter / .seconds(1)).rounded(.up))
            throw Problem(
                .tooManyRequests, "too much work is waiting; send this request again in \(Int(seconds)) s.",
                headers: [.retryAfter: "\(Int(seconds))"])
        } catch is BatchScheduler.DeadlinePassed {
            throw Problem(
                .gatewayTimeout,
                "the answer was not ready within \(deadline.allowed / .seconds(1)) s. Send less at once, or allow more time."
            )
        }
    }
}
