import JSON
import NIOHTTP1

extension MLflowClient {
    /// The id of an experiment; `nil` where there is none of this name.
    public func experiment(named name: String) async throws -> String? {
        do {
            let answer = try await ask(.GET, "/experiments/get-by-name", query: [("experiment_name", name)])
            let experiment = answer["experiment"] ?? .null
            guard experiment.string("lifecycle_stage") != "deleted" else {
                throw MLflowError.unusable(
                    "the experiment \(name.debugDescription) on \(server.url) is deleted. Restore it, or give another --experiment."
                )
            }
            return experiment.string("experiment_id")
        } catch let error as MLflowError where error.isMissing {
            return nil
        }
    }

    /// Makes an experiment, or finds the one that is there.
    ///
    /// - Returns: Its id.
    public func makeExperiment(named name: String) async throws -> String {
        if let id = try await experiment(named: name) { return id }
        do {
            return try await ask(.POST, "/experiments/create") { $0.member("name", name) }.string("experiment_id")
        } catch let error as MLflowError where error.isExisting {
            // Another run was first.
            guard let id = try await experiment(named: name) else { throw error }
            return id
        }
    }

    /// Makes a run.
    ///
    /// - Parameters:
    ///   - experiment: Its experiment's id.
    ///   - name: Its name; empty for one that the server makes up.
    ///   - start: Milliseconds since 1970.
    ///   - tags: Such as `mlflow.user`.
    /// - Returns: The run.
    /// - Throws: ``MLflowError``
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

    /// Everything about a run but its metrics' histories.
    public func run(_ id: String) async throws -> Run {
        Run(try await ask(.GET, "/runs/get", query: [("run_id", id)])["run"] ?? .null)
    }

    /// Runs that match.
    ///
    /// - Parameters:
    ///   - experiments: Ids.
    ///   - filter: In MLflow's language, such as "tags.x = 'y'"; names and values in quotes are ``quoted(_:)``.
    ///   - order: Such as "metrics.`test_macro_f1` DESC".
    ///   - limit: The most runs.
    /// - Returns: The first of them.
    /// - Throws: ``MLflowError``
    public func runs(experiments: [String], filter: String = "", order: [String] = [], limit: Int = 100) async throws
        -> [Run]
    {
        try await page(experiments: experiments, filter: filter, order: order, limit: limit, token: "").runs
    }

    /// The runs that match from a place on, and how to ask for those after them; an empty token is that of the first, and
    /// comes with the last.
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

    /// The most runs that are looked at for one with a model, and how many come in one answer.
    private static let searched = (runs: 10_000, page: 100)

    /// Of the finished runs of an experiment that logged a model, the one whose metric's last point is best. Baselines and
    /// the parts of a comparison or of a search have metrics too, and often no model.
    ///
    /// - Parameters:
    ///   - experiment: Its name.
    ///   - metric: Such as `test_macro_f1`.
    ///   - lowest: Whether the lowest is the best.
    /// - Returns: The run.
    /// - Throws: ``MLflowError/unusable(_:)`` where there is none.
    public func bestRun(ofExperiment experiment: String, by metric: String, lowest: Bool = false) async throws -> Run {
        guard let id = try await self.experiment(named: experiment) else {
            throw MLflowError.unusable("\(server.url) has no experiment \(experiment.debugDescription).")
        }
        guard !metric.contains(where: { $0 == "`" || $0 == "\"" }) else {
            throw MLflowError.unusable("\(metric.debugDescription) is no metric's name.")
        }
        var count = 0
        var token = ""
        search: repeat {
            let (runs, next) = try await page(
                experiments: [id], filter: "attributes.status = 'FINISHED'",
                order: ["metrics.`\(metric)` \(lowest ? "ASC" : "DESC")", "attributes.start_time DESC"],
                limit: Self.searched.page, token: token)
            for run in runs {
                // Those without the metric come last.
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
                : "no finished run \(place) with the metric \(metric) has logged a model (\(count) looked at). Give a metric that a trained model has, or name the model by runs:/ID/model."
        )
    }

    /// Deletes a run; the server keeps it among the deleted.
    public func delete(run: String) async throws {
        _ = try await ask(.POST, "/runs/delete") { $0.member("run_id", run) }
    }

    /// Adds metrics, params and tags to a run, at most as many of each as ``LogLimits`` says.
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

    /// Says which data sets a run used. Those that it is known to have used already stay as they are.
    public func log(run: String, datasets: [DatasetInput]) async throws {
        _ = try await ask(.POST, "/runs/log-inputs") {
            $0.member("run_id", run)
            $0.key("datasets")
            $0.array(datasets) { $1.write(to: &$0) }
        }
    }

    /// Says how a run stands.
    ///
    /// - Parameters:
    ///   - run: Its id.
    ///   - status: How it stands.
    ///   - end: Milliseconds since 1970; `nil` while it goes on.
    /// - Throws: ``MLflowError``
    public func update(run: String, status: Run.Status, end: Int?) async throws {
        _ = try await ask(.POST, "/runs/update") {
            $0.member("run_id", run)
            $0.member("status", status.rawValue)
            if let end { $0.member("end_time", end) }
        }
    }
}

/// A value between apostrophes, as filters of searches want it.
///
/// - Throws: ``MLflowError/unusable(_:)`` for one that MLflow's language cannot say.
func quoted(_ value: String) throws(MLflowError) -> String {
    guard !value.contains(where: { $0 == "'" || $0 == "\"" || $0.isNewline }) else {
        throw .unusable("\(value.debugDescription) cannot be searched for: it has quotation marks.")
    }
    return "'\(value)'"
}
