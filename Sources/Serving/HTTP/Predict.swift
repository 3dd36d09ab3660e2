internal import HTTPTypes
import Hummingbird
internal import JSON
internal import Labelling
import Logging

/// `POST /predict`: one abstract, several, texts, or a stream of abstracts.
struct Predict: Sendable {
    let models: ModelService
    let settings: Settings
    let metrics: ServiceMetrics
    let bodies: HeldBodies

    func answer(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let limit = settings.requestLimits.bodyBytes
        let mediaType = Result { () throws(Problem) in try MediaType(of: request) }
        if case .success(.jsonLines) = mediaType { return try await stream(request, context) }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            return Problem.tooLarge(limit).response(to: request, discarding: request.body)
        }
        // Read before anything is refused: a client that is still sending does not listen.
        let share = bodies.share()
        defer { share.end() }
        let body = try await wholeBody(of: request, in: share)
        let model = try models.model(named: Self.modelName(of: request))
        let headings = try Self.headings(of: request, default: settings.headings)
        let isText = if case .plainText = try mediaType.get() { true } else { false }
        let asked = try metrics.timing(.read) { () throws(Problem) in
            isText
                ? try PredictRequest(text: body, headings: headings)
                : try PredictRequest(json: body, headings: headings, limits: settings.requestLimits)
        }
        log(body, context)
        let deadline = try Deadline(of: request, from: context.start, limit: settings.requestTimeout)
        let caller = Caller(until: deadline, isThere: context.clientIsThere)
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
            return Response { json in
                json.object { json in
                    json.key("abstracts")
                    json.array(zip(items, results)) { $0.item($1.0, $1.1, labels: model.labels) }
                    json.identity(of: model)
                }
            }
        case .texts(let texts):
            let results = try await model.label(texts: texts, for: caller)
            return Response { json in json.array(results) { $0.item($1, labels: model.labels) } }
        }
    }

    /// Answers a line for every line, in their order, as they are ready. As many are in progress as keep the machine busy; more are
    /// read when the client has taken answers.
    private func stream(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let model = try models.model(named: Self.modelName(of: request))
        let headings = try Self.headings(of: request, default: settings.headings)
        let coding = try ContentCoding(of: request)
        let limits = settings.requestLimits
        // A line's time begins when it comes.
        let allowed = try Deadline(of: request, from: context.start, limit: settings.requestTimeout).allowed
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
                                    log(line, context)
                                    await take(PredictRequest.BatchItem(line: line, limits: limits))
                                }
                            } catch let problem as Problem {
                                await take(PredictRequest.BatchItem(id: nil, content: .failure(problem)))
                            }
                        },
                        answering: { item in
                            let caller = Caller(
                                until: Deadline(allowing: allowed), stream: stream, isThere: context.clientIsThere)
                            let result = await model.label(item, headings: headings, for: caller)
                            var json = JSONWriter()
                            json.item(item, result, labels: model.labels)
                            return json.bytes + [UInt8(ascii: "\n")]
                        },
                        writing: { try await writer.write(ByteBuffer(bytes: $0)) })
                }
                try await writer.finish(nil)
            })
    }

    /// Puts what was sent into the log, where that was asked for.
    func log(_ body: [UInt8], _ context: ServiceContext) {
        guard settings.logsTexts else { return }
        context.logger.info("content", metadata: ["body": "\(String(decoding: body, as: UTF8.self))"])
    }

    /// A request's body, decompressed.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - share: What holds the body, until the request's end.
    /// - Returns: Its bytes.
    /// - Throws: What ``RequestContent/whole(atMost:in:)`` throws.
    func wholeBody(of request: Request, in share: HeldBodies.Share) async throws -> [UInt8] {
        try await RequestContent(request, ContentCoding(of: request)).whole(
            atMost: settings.requestLimits.bodyBytes, in: share)
    }

    private static func modelName(of request: Request) -> String? {
        request.uri.queryParameters["model"].map(String.init)
    }

    /// `?headings=use|ignore`.
    private static func headings(
        of request: Request, default fallback: HeadingPolicy
    ) throws(Problem) -> HeadingPolicy {
        guard let value = request.uri.queryParameters["headings"] else { return fallback }
        guard let policy = HeadingPolicy(rawValue: String(value)) else {
            throw Problem(.unprocessableContent, "the query's headings is \"\(value)\"; expected use or ignore.")
        }
        return policy
    }
}

extension JSONWriter {
    /// An item of a batch or of a stream, labelled or not.
    mutating func item(
        _ item: PredictRequest.BatchItem, _ result: Result<LabelledAbstract, Problem>, labels: [String]
    ) {
        object { json in
            if let id = item.id { json.member("id", id) }
            switch result {
            case .success(let labelled): json.members(of: labelled, labels: labels)
            case .failure(let problem): json.error(problem)
            }
        }
    }

    /// A text, labelled or not.
    fileprivate mutating func item(_ result: Result<LabelledText, Problem>, labels: [String]) {
        switch result {
        case .success(let labelled): text(labelled, labels: labels)
        case .failure(let problem): object { $0.error(problem) }
        }
    }

    /// The member that says why an item has no labels.
    private mutating func error(_ problem: Problem) {
        key("error")
        problem.write(to: &self)
    }
}
