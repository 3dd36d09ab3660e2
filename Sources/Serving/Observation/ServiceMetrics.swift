internal import CoreMetrics
internal import Labelling
internal import Prometheus
import Synchronization

/// All metrics of the service. Each series exists from the start, or from the loading of its model, so the first scrape
/// shows it.
///
/// The number of series is bounded by the documented paths and statuses and by the labels of the checkpoints.
public final class ServiceMetrics: Sendable {
    /// A stage of answering a request.
    enum Stage: String, CaseIterable {
        /// Reading the body into abstracts.
        case read
        /// Splitting abstracts into sentences and tokens.
        case prepare
        /// Waiting until a batch takes the first window.
        case queue
        /// The forward pass of a batch.
        case network
        /// Decoding emissions into labels.
        case decode
    }

    private static let families: [PrometheusRegistry.Family] = [
        .init("rubricator_requests_total", "Number of answered requests, by route, method and status."),
        .init(
            "rubricator_request_duration_seconds",
            "Time from a request's head to its answer, or to the end of a streamed answer, in seconds.",
            buckets: [0.001, 0.0025] + PrometheusRegistry.Family.seconds + [30, 60]),
        .init("rubricator_requests_in_flight", "Number of requests in flight."),
        .init(
            "rubricator_stage_duration_seconds", "Time spent in each stage of answering requests, in seconds.",
            buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025] + PrometheusRegistry.Family.seconds),
        .init("rubricator_queue_windows", "Number of windows in the queue."),
        .init("rubricator_queue_tokens", "Number of tokens in the queue."),
        .init("rubricator_batch_windows", "Number of windows in a batch.", buckets: [1, 2, 4, 8, 16, 32, 64, 128]),
        .init(
            "rubricator_batch_tokens", "Number of tokens in a batch.",
            buckets: [64, 128, 256, 512, 768, 1_024, 2_048, 4_096]),
        .init("rubricator_labels_total", "Number of predicted labels, by source: the model or a heading."),
        .init(
            "rubricator_confidence", "Confidence of the labels that the model predicted, 0 to 1.",
            buckets: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]),
        .init("rubricator_truncated_total", "Number of sentences or texts that were too long and were truncated."),
        .init("rubricator_model_info", "Model, version, task and precision in use; the value is always 1."),
        .init("rubricator_held_body_bytes", "Memory reserved for the bodies of requests in flight, in bytes."),
        .init("rubricator_connections", "Number of open connections."),
        .init("rubricator_ready", "Whether the service is ready: 1 or 0."),
        .init("rubricator_reloads_total", "Number of reloads of the checkpoints, by result."),
        .init(
            "rubricator_failed_items_total",
            "Number of items of batches and lines of streams without labels, by the code of their problem."),
        .init("rubricator_log_lines_dropped_total", "Number of log lines dropped because nobody read the log in time."),
    ]

    private let registry = PrometheusRegistry(
        families + ProcessMetrics.families + DriftMonitor.families)
    private let process: ProcessMetrics
    private let requests: [MeasuredRoute: [Int: Counter]]
    private let durations: [MeasuredRoute: CoreMetrics.Timer]
    private let inFlight: Meter
    private let stages: [Stage: CoreMetrics.Timer]
    private let queueWindows: Meter
    private let queueTokens: Meter
    private let batchWindows: Recorder
    private let batchTokens: Recorder
    private let heldBodyBytes: Meter
    private let connections: Meter
    private let ready: Meter
    private let reloads: [Bool: Counter]
    private let failedItems: [String: Counter]
    private let droppedLogLines: DroppedLogLines

    /// Creates all series with the value zero.
    ///
    /// - Parameters:
    ///   - measured: The paths and methods whose requests are counted.
    ///   - codes: The codes of problem documents, by which failed items are counted.
    ///   - droppedLogLines: The number of lines that the log has dropped since the start.
    init(
        measuring measured: [MeasuredRoute] = [], codes: [String] = [],
        droppedLogLines: @escaping @Sendable () -> Int = { 0 }
    ) {
        let registry = registry
        func counter(_ name: String, _ dimensions: [(String, String)]) -> Counter {
            Counter(label: name, dimensions: dimensions, factory: registry)
        }
        func meter(_ name: String) -> Meter { Meter(label: name, factory: registry) }
        func timer(_ name: String, _ dimension: (String, String)) -> CoreMetrics.Timer {
            Timer(label: name, dimensions: [dimension], factory: registry)
        }
        process = ProcessMetrics(registry)
        failedItems = codes.reduce(into: [:]) {
            $0[$1] = counter("rubricator_failed_items_total", [("code", $1)])
        }
        self.droppedLogLines = DroppedLogLines(
            counter: counter("rubricator_log_lines_dropped_total", []), total: droppedLogLines)
        requests = measured.reduce(into: [:]) { requests, route in
            requests[route] = route.statuses.reduce(into: [:]) { counters, status in
                counters[status] = counter(
                    "rubricator_requests_total",
                    [("route", route.path), ("method", route.method), ("status", "\(status)")])
            }
        }
        durations = measured.reduce(into: [:]) {
            $0[$1] = timer("rubricator_request_duration_seconds", ("route", $1.path))
        }
        inFlight = meter("rubricator_requests_in_flight")
        stages = Stage.allCases.reduce(into: [:]) {
            $0[$1] = timer("rubricator_stage_duration_seconds", ("stage", $1.rawValue))
        }
        queueWindows = meter("rubricator_queue_windows")
        queueTokens = meter("rubricator_queue_tokens")
        batchWindows = Recorder(label: "rubricator_batch_windows", factory: registry)
        batchTokens = Recorder(label: "rubricator_batch_tokens", factory: registry)
        heldBodyBytes = meter("rubricator_held_body_bytes")
        connections = meter("rubricator_connections")
        ready = meter("rubricator_ready")
        reloads = [true, false].reduce(into: [:]) {
            $0[$1] = counter("rubricator_reloads_total", [("result", $1 ? "loaded" : "refused")])
        }
    }

    /// All series in Prometheus' text format.
    var text: String {
        process.update()
        droppedLogLines.update()
        return registry.text
    }

    /// A request has arrived.
    func began() { inFlight.increment() }

    /// A request has been answered with a status.
    func ended(_ route: MeasuredRoute, status: Int, after time: Duration) {
        inFlight.decrement()
        // A status that the route does not document is counted too; a test checks that there is none.
        let counter =
            requests[route]?[status]
            ?? Counter(
                label: "rubricator_requests_total",
                dimensions: [("route", route.path), ("method", route.method), ("status", "\(status)")],
                factory: registry)
        counter.increment()
        durations[route]?.recordNanoseconds(time.nanoseconds)
    }

    /// An item of a batch or a line of a stream was answered with a problem, although its request may have succeeded.
    func failedItem(code: String) { failedItems[code]?.increment() }

    /// A request or batch has spent some time in a stage.
    func took(_ time: Duration, in stage: Stage) {
        stages[stage]?.recordNanoseconds(time.nanoseconds)
    }

    /// Runs `work` and records its time for a stage.
    func timing<Value, Failure: Error>(_ stage: Stage, _ work: () throws(Failure) -> Value) throws(Failure) -> Value {
        let start = ContinuousClock.now
        defer { took(ContinuousClock.now - start, in: stage) }
        return try work()
    }

    /// The queue now holds so many windows and tokens.
    func waits(windows: Int, tokens: Int) {
        queueWindows.set(windows)
        queueTokens.set(tokens)
    }

    /// A batch of so many windows and tokens has run.
    func ran(windows: Int, tokens: Int) {
        batchWindows.record(windows)
        batchTokens.record(tokens)
    }

    /// Bodies now use so many bytes.
    func holds(bodyBytes count: Int) { heldBodyBytes.set(count) }

    /// A connection was opened or closed.
    func connection(opened: Bool) { opened ? connections.increment() : connections.decrement() }

    /// The service has become ready or not ready.
    func becomes(ready isReady: Bool) { ready.set(isReady ? 1 : 0) }

    /// A reload has succeeded or was refused.
    func reloaded(_ succeeded: Bool) { reloads[succeeded]?.increment() }

    /// Creates the drift series of a model; `nil` if its checkpoint has no profile.
    func drift(of labeller: Labeller, _ name: String, window: Int) -> DriftMonitor? {
        labeller.profile.map { DriftMonitor($0, model: name, labels: labeller.labels, window: window, registry) }
    }

    /// Creates the series of a model.
    func model(_ name: String, labels: [String], info: [(String, String)]) -> ModelMetrics {
        ModelMetrics(name, labels: labels, info: info, registry)
    }
}

/// The metrics of one model.
struct ModelMetrics: Sendable {
    private let given: [[Counter]]
    private let confidence: Recorder
    private let truncated: Counter

    fileprivate init(_ name: String, labels: [String], info: [(String, String)], _ registry: PrometheusRegistry) {
        let model = ("model", name)
        given = labels.map { label in
            ["model", "heading"].map { source in
                Counter(
                    label: "rubricator_labels_total", dimensions: [model, ("label", label), ("source", source)],
                    factory: registry)
            }
        }
        confidence = Recorder(label: "rubricator_confidence", dimensions: [model], factory: registry)
        truncated = Counter(label: "rubricator_truncated_total", dimensions: [model], factory: registry)
        Meter(label: "rubricator_model_info", dimensions: [model] + info, factory: registry).set(1)
    }

    /// A label was predicted.
    func gave(_ label: Int, confidence probability: Double, byHeading: Bool) {
        given[label][byHeading ? 1 : 0].increment()
        if !byHeading { confidence.record(probability) }
    }

    /// A sentence or text was truncated.
    func truncatedOne() { truncated.increment() }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { Int64(self / .nanoseconds(1)) }
}

/// Counts dropped lines of the log whenever the metrics are read.
private final class DroppedLogLines: Sendable {
    private let counter: Counter
    private let total: @Sendable () -> Int
    private let counted = Mutex(0)

    init(counter: Counter, total: @escaping @Sendable () -> Int) {
        self.counter = counter
        self.total = total
    }

    func update() {
        counted.withLock { counted in
            let total = total()
            counter.increment(by: Int64(total - counted))
            counted = total
        }
    }
}
