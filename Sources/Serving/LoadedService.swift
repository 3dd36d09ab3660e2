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
    /// - Returns: A label for every sentence.
    /// - Throws: ``Problem`` 422 where the checkpoint has another task or there are too many sentences; 429 where too
    ///   much is waiting.
    public func label(_ content: PredictRequest.Item.Content, headings: HeadingPolicy) async throws -> LabelledAbstract
    {
        let prepared = try prepare(content, headings: headings)
        return labeller.decode(prepared, rows: try await run(prepared.layout.windows))
    }

    /// Labels a batch; an item that cannot be labelled fails alone.
    ///
    /// - Parameters:
    ///   - items: Abstracts, or what is wrong with them.
    ///   - headings: Whether inline headings decide.
    /// - Returns: In the same order.
    /// - Throws: ``Problem`` 422 where there are too many sentences in all; 429 where too much is waiting.
    public func label(
        _ items: [PredictRequest.BatchItem], headings: HeadingPolicy
    ) async throws -> [Result<LabelledAbstract, Problem>] {
        let prepared = items.map { item in
            item.content.flatMap { content in
                Result { () throws(Problem) in try prepare(content, headings: headings) }
            }
        }
        let valid = prepared.compactMap { try? $0.get() }
        try check(sentences: valid.reduce(0) { $0 + $1.abstract.sentences.count })
        var rows = try await run(valid.flatMap(\.layout.windows))[...]
        return prepared.map { item in item.map { labeller.decode($0, rows: $0.takeRows(from: &rows)) } }
    }

    /// Labels texts as wholes.
    ///
    /// - Parameter texts: Any texts.
    /// - Returns: In the same order.
    /// - Throws: ``Problem`` 422 where the checkpoint has another task; 429 where too much is waiting.
    public func label(texts: [String]) async throws -> [LabelledText] {
        let prepared: [PreparedText]
        do {
            prepared = try texts.map(labeller.prepare(text:))
        } catch let error as LabellingError {
            throw Problem(.unprocessableContent, "texts: \(error)")
        }
        let rows = try await run(prepared.map(\.window))
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

    private func run(_ windows: [Window]) async throws -> [[Double]] {
        do {
            return try await scheduler.run(windows)
        } catch is BatchScheduler.Overloaded {
            throw Problem(
                .tooManyRequests, "too much work is waiting; send this request again later.",
                headers: [.retryAfter: "1"])
        }
    }
}
