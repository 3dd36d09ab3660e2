internal import HTTPTypes
import Hummingbird
internal import JSON
internal import Labelling
import Logging
internal import Text

/// Answers `POST /predict`: one abstract, several abstracts, texts, or a stream of abstracts.
struct Predict: Sendable {
    let models: ModelService
    let settings: RequestSettings
    let metrics: ServiceMetrics
    let reader: BodyReader

    func answer(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let limit = settings.limits.bodyBytes
        let mediaType = Result { () throws(Problem) in try MediaType(of: request) }
        if case .success(.jsonLines) = mediaType { return try await stream(request, context) }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            return Problem.tooLarge(limit).response(to: request, discarding: request.body)
        }
        // The body is read before any refusal, because clients do not read an answer while they are still sending.
        let share = reader.bodies.share()
        defer { share.end() }
        let body = try await reader.whole(of: request, in: share)
        let model = try models.model(named: Self.modelName(of: request))
        let headings = try Self.headings(of: request, default: settings.headings)
        let deadline = try Deadline(of: request, from: context.start, limit: settings.timeout)
        let caller = Caller(until: deadline, isThere: context.clientIsThere)
        let isText = if case .plainText = try mediaType.get() { true } else { false }
        let asked = try metrics.timing(.read) { () throws(LabellingFailure) in
            isText
                ? try PredictRequest(text: body, headings: headings)
                : try PredictRequest(json: body, headings: headings, limits: settings.limits, for: caller)
        }
        reader.log(body, context)
        switch asked.subject {
        case .one(let content):
            let labelled = try await model.label(content, headings: asked.headings, for: caller)
            return Response { json in
                json.object { json in
                    json.members(of: labelled, labels: model.labels)
                    json.identity(of: model)
                }
            }
        case .batch(let items):
            let results = try await model.label(items, headings: asked.headings, for: caller)
            metrics.countFailures(in: results)
            return Response { json in
                json.object { json in
                    json.key("abstracts")
                    json.array(zip(items, results)) { $0.item($1.0, $1.1, labels: model.labels) }
                    json.identity(of: model)
                }
            }
        case .texts(let texts):
            let results = try await model.label(texts: texts, for: caller)
            metrics.countFailures(in: results)
            return Response { json in json.array(results) { $0.item($1, labels: model.labels) } }
        }
    }

    /// Answers each line of a stream with a line, in order, as soon as it is ready. Enough lines are in flight to keep
    /// the machine busy; more are read once the client has read answers.
    private func stream(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let model = try models.model(named: Self.modelName(of: request))
        let headings = try Self.headings(of: request, default: settings.headings)
        let coding = try ContentCoding(of: request)
        let limits = settings.limits
        // The time of each line begins when the line arrives.
        let allowed = try Deadline(of: request, from: context.start, limit: settings.timeout).allowed
        let stream = Caller.Stream()
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"],
            body: ResponseBody { writer in
                try await WorkThreads.run {
                    try await answerInOrder(
                        atMost: RequestLimits.linesInProgress,
                        reading: { take in
                            do {
                                try await readLines(
                                    of: RequestContent(request, coding), atMost: limits.lineBytes
                                ) { line in
                                    reader.log(line, context)
                                    await take(.success(PredictRequest.BatchItem(line: line, limits: limits)))
                                }
                            } catch let problem as Problem {
                                await take(.failure(problem))
                            }
                        },
                        answering: { (question: Result<PredictRequest.BatchItem, Problem>) in
                            let caller = Caller(
                                until: Deadline(allowing: allowed), stream: stream, isThere: context.clientIsThere)
                            var json = JSONWriter()
                            switch question {
                            case .success(let item):
                                let result = await model.label(item, headings: headings, for: caller)
                                metrics.countFailures(in: [result])
                                json.item(item, result, labels: model.labels)
                            case .failure(let problem):
                                metrics.failedItem(code: problem.code.rawValue)
                                json.object { $0.error(problem) }
                            }
                            return json.bytes + [UInt8(ascii: "\n")]
                        },
                        writing: { try await writer.write(ByteBuffer(bytes: $0)) })
                }
                try await writer.finish(nil)
            })
    }

    private static func modelName(of request: Request) -> String? {
        request.uri.queryParameters["model"].map(String.init)
    }

    /// The heading policy in the query, `?headings=use` or `?headings=ignore`.
    private static func headings(
        of request: Request, default fallback: HeadingPolicy
    ) throws(Problem) -> HeadingPolicy {
        guard let value = request.uri.queryParameters["headings"] else { return fallback }
        guard let policy = HeadingPolicy(bytesOf: value) else {
            throw Problem(
                .invalidParameter, "the query parameter headings is \(value.excerpt); expected use or ignore.")
        }
        return policy
    }
}

extension ServiceMetrics {
    /// Counts the items that have no labels.
    func countFailures<Labelled>(in results: [Result<Labelled, LabellingFailure>]) {
        for case .failure(let failure) in results { failedItem(code: Problem(failure).code.rawValue) }
    }
}

extension JSONWriter {
    /// Writes an item of a batch or of a stream, with its labels or with the reason why it has none.
    mutating func item(
        _ item: PredictRequest.BatchItem, _ result: Result<LabelledAbstract, LabellingFailure>, labels: [String]
    ) {
        object { json in
            if let id = item.id { json.member("id", id) }
            switch result {
            case .success(let labelled): json.members(of: labelled, labels: labels)
            case .failure(let failure): json.error(Problem(failure))
            }
        }
    }

    /// Writes a text with its labels, or with the reason why it has none.
    fileprivate mutating func item(_ result: Result<LabelledText, LabellingFailure>, labels: [String]) {
        switch result {
        case .success(let labelled): text(labelled, labels: labels)
        case .failure(let failure): object { $0.error(Problem(failure)) }
        }
    }

    /// Writes the member `error`, which says why an item has no labels.
    fileprivate mutating func error(_ problem: Problem) {
        key("error")
        problem.write(to: &self)
    }
}
