import JSON
import NIOHTTP1

extension MLflowClient {
    /// Returns the identifier of an experiment, or `nil` if no experiment has this name.
    public func experiment(named name: String) async throws -> String? {
        do {
            let answer = try await ask(.GET, "/experiments/get-by-name", query: [("experiment_name", name)])
            let experiment = answer["experiment"] ?? .null
            guard experiment.string("lifecycle_stage") != "deleted" else {
                throw MLflowError.unusable(
                    "the experiment \(name.debugDescription) on \(server.url) is deleted. Restore it, or choose another experiment with --experiment."
                )
            }
            return experiment.string("experiment_id")
        } catch let error as MLflowError where error.isMissing {
            return nil
        }
    }

    /// Creates an experiment, unless one with this name exists.
    ///
    /// - Returns: The identifier of the experiment.
    public func makeExperiment(named name: String) async throws -> String {
        if let id = try await experiment(named: name) { return id }
        do {
            return try await ask(.POST, "/experiments/create") { $0.member("name", name) }.string("experiment_id")
        } catch let error as MLflowError where error.isExisting {
            // Another run created the experiment in the meantime.
            guard let id = try await experiment(named: name) else { throw error }
            return id
        }
    }

    /// Creates a run.
    ///
    /// - Parameters:
    ///   - experiment: The identifier of the experiment.
    ///   - name: The name of the run; if empty, the server invents one.
    ///   - start: The start time in milliseconds since 1970.
    ///   - tags: The tags, such as `mlflow.user`.
    /// - Returns: The new run.
    /// - Throws: ``MLflowError`` if the request fails.
    public func makeRun(
        experiment: String, name: String, start: Int, tags: [KeyValue]
    ) async throws -> Run {
        let answer = try await ask(.POST, "/runs/create") {
            $0.member("experiment_id", experiment)
            if !name.isEmpty { $0.member("run_name", name) }
            $0.member("start_time", start)
            $0.pairs("tags", tags)
        }
        return Run(answer["run"] ?? .null)
    }

    /// Returns everything about a run except the histories of its metrics.
    public func run(_ id: String) async throws -> Run {
        Run(try await ask(.GET, "/runs/get", query: [("run_id", id)])["run"] ?? .null)
    }

    /// Searches for runs.
    ///
    /// - Parameters:
    ///   - experiments: The identifiers of the experiments to search.
    ///   - filter: A filter in MLflow's search syntax, such as "tags.x = 'y'"; use ``quoted(_:)`` for values.
    ///   - order: The sort keys, such as "metrics.`test_macro_f1` DESC".
    ///   - limit: The largest number of runs to return.
    /// - Returns: The first matching runs.
    /// - Throws: ``MLflowError`` if the request fails.
    public func runs(experiments: [String], filter: String = "", order: [String] = [], limit: Int = 100) async throws
        -> [Run]
    {
        try await page(experiments: experiments, filter: filter, order: order, limit: limit, token: "").runs
    }

    /// Returns one page of matching runs and the token of the next page. An empty `token` requests the first page; an empty
    /// `next` means that there are no more pages.
    private func page(
        experiments: [String], filter: String, order: [String], limit: Int, token: String
    ) async throws -> (runs: [Run], next: String) {
        let answer = try await ask(.POST, "/runs/search") {
            $0.key("experiment_ids")
            $0.array(experiments) { $0.string($1) }
            if !filter.isEmpty { $0.member("filter", filter) }
            $0.member("max_results", limit)
            if !token.isEmpty { $0.member("page_token", token) }
            if !order.isEmpty {
                $0.key("order_by")
                $0.array(order) { $0.string($1) }
            }
        }
        return (answer.array("runs").map(Run.init), answer.string("next_page_token"))
    }

    /// The largest number of runs to check for a model, and the number of runs on one page.
    private static let searched = (runs: 10_000, page: 100)

    /// Returns the finished run of an experiment with the best last value of a metric, among those that logged a model.
    ///
    /// Runs without a model are skipped: baselines and the parts of a comparison or search have metrics but often no model.
    ///
    /// - Parameters:
    ///   - experiment: The name of the experiment.
    ///   - metric: The name of the metric, such as `test_macro_f1`.
    ///   - lowest: Whether the lowest value is the best.
    /// - Returns: The best run; among equal values the latest.
    /// - Throws: ``MLflowError/unusable(_:)`` if there is no such run or experiment.
    public func bestRun(ofExperiment experiment: String, by metric: String, lowest: Bool = false) async throws -> Run {
        guard let id = try await self.experiment(named: experiment) else {
            throw MLflowError.unusable("\(server.url) has no experiment \(experiment.debugDescription).")
        }
        guard !metric.contains(where: { $0 == "`" || $0 == "\"" }) else {
            throw MLflowError.unusable(
                "\(metric.debugDescription) is not a valid metric name: it contains a quotation mark.")
        }
        var count = 0
        var token = ""
        search: repeat {
            let (runs, next) = try await page(
                experiments: [id], filter: "attributes.status = 'FINISHED'",
                order: ["metrics.`\(metric)` \(lowest ? "ASC" : "DESC")", "attributes.start_time DESC"],
                limit: Self.searched.page, token: token)
            for run in runs {
                // Runs without the metric come last.
                guard run.metrics.contains(where: { $0.key == metric }) else { break search }
                if !run.modelIDs.isEmpty { return run }
                count += 1
            }
            token = runs.isEmpty ? "" : next
        } while !token.isEmpty && count < Self.searched.runs
        let place = "of the experiment \(experiment.debugDescription) on \(server.url)"
        throw MLflowError.unusable(
            count == 0
                ? "no finished run \(place) has the metric \(metric)."
                : "no finished run \(place) with the metric \(metric) has logged a model (\(count) checked). Choose a metric that a run with a model has, or refer to a model as runs:/ID/model."
        )
    }

    /// Marks a run as deleted; the server keeps its data.
    public func delete(run: String) async throws {
        _ = try await ask(.POST, "/runs/delete") { $0.member("run_id", run) }
    }

    /// Adds metrics, params and tags to a run; the caller must respect ``LogLimits``.
    public func log(
        run: String, metrics: [Metric], params: [KeyValue] = [],
        tags: [KeyValue] = []
    ) async throws {
        _ = try await ask(.POST, "/runs/log-batch") {
            $0.member("run_id", run)
            if !metrics.isEmpty {
                $0.key("metrics")
                $0.array(metrics) { $1.write(to: &$0) }
            }
            $0.pairs("params", params)
            $0.pairs("tags", tags)
        }
    }

    /// Records data sets as inputs of a run; inputs that the run already has stay as they are.
    public func log(run: String, datasets: [DatasetInput]) async throws {
        _ = try await ask(.POST, "/runs/log-inputs") {
            $0.member("run_id", run)
            $0.key("datasets")
            $0.array(datasets) { $1.write(to: &$0) }
        }
    }

    /// Updates the status of a run.
    ///
    /// - Parameters:
    ///   - run: The identifier of the run.
    ///   - status: The new status.
    ///   - end: The end time in milliseconds since 1970; `nil` if the run has not ended.
    /// - Throws: ``MLflowError`` if the request fails.
    public func update(run: String, status: Run.Status, end: Int?) async throws {
        _ = try await ask(.POST, "/runs/update") {
            $0.member("run_id", run)
            $0.member("status", status.rawValue)
            if let end { $0.member("end_time", end) }
        }
    }
}

/// Quotes a value for a search filter.
///
/// - Throws: ``MLflowError/unusable(_:)`` if the value contains a character that MLflow's filter syntax cannot express.
func quoted(_ value: String) throws(MLflowError) -> String {
    guard !value.contains(where: { $0 == "'" || $0 == "\"" || $0.isNewline }) else {
        throw .unusable("cannot search for \(value.debugDescription): it contains a quotation mark or a line break.")
    }
    return "'\(value)'"
}
