internal import CoreMetrics
internal import Labelling
internal import Prometheus

/// Everything the service counts. Each series is made at the start or with its model, so that the first scrape shows it.
///
/// Label sets are bounded: routes and statuses are the endpoints' own, models and labels the checkpoints'.
public final class ServiceMetrics: Sendable {
    /// Where the time of a request goes.
    enum Stage: String, CaseIterable {
        /// From bytes to abstracts.
        case read
        /// From abstracts to pieces.
        case prepare
        /// Until a batch takes the first window.
        case queue
        /// A batch's forward pass.
        case network
        /// From emissions to labels.
        case decode
    }

    private static let families: [PrometheusRegistry.Family] = [
        .init("rubricator_requests_total", "Requests answered, by route, method and status."),
        .init(
            "rubricator_request_duration_seconds",
            "From a request's head to its answer, or to the end of a streamed one.",
            buckets: [0.001, 0.0025] + PrometheusRegistry.Family.seconds + [30, 60]),
        .init("rubricator_requests_in_flight", "Requests that are not answered yet."),
        .init(
            "rubricator_stage_duration_seconds", "Where the time of requests goes.",
            buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025] + PrometheusRegistry.Family.seconds),
        .init("rubricator_queue_windows", "Windows that wait for a batch."),
        .init("rubricator_queue_tokens", "Tokens that wait for a batch."),
        .init("rubricator_batch_windows", "Windows of a batch.", buckets: [1, 2, 4, 8, 16, 32, 64, 128]),
        .init("rubricator_batch_tokens", "Tokens of a batch.", buckets: [64, 128, 256, 512, 768, 1_024, 2_048, 4_096]),
        .init("rubricator_labels_total", "Labels given, by whether the model or a heading decided."),
        .init(
            "rubricator_confidence", "Probability of the labels that the model gave.",
            buckets: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]),
        .init("rubricator_truncated_total", "Sentences or texts of which only the beginning was read."),
        .init("rubricator_model_info", "What answers; always 1."),
        .init("rubricator_held_body_bytes", "Bytes of the bodies that are in progress."),
        .init("rubricator_connections", "Connections that are open."),
        .init("rubricator_ready", "Whether requests are answered: 1 or 0."),
        .init("rubricator_reloads_total", "Checkpoints that were asked to be read anew, by result."),
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

    /// Everything at zero.
    ///
    /// - Parameter measured: The routes whose requests are counted.
    init(measuring measured: [MeasuredRoute] = []) {
        let registry = registry
        func counter(_ name: String, _ dimensions: [(String, String)]) -> Counter {
            Counter(label: name, dimensions: dimensions, factory: registry)
        }
        func meter(_ name: String) -> Meter { Meter(label: name, factory: registry) }
        func timer(_ name: String, _ dimension: (String, String)) -> CoreMetrics.Timer {
            Timer(label: name, dimensions: [dimension], factory: registry)
        }
        process = ProcessMetrics(registry)
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

    /// Everything as it is now, in Prometheus' text format.
    var text: String {
        process.update()
        return registry.text
    }

    func began() { inFlight.increment() }

    func ended(_ route: MeasuredRoute, status: Int, after time: Duration) {
        inFlight.decrement()
        // A status that the route does not document is counted all the same; a test looks for such.
        let counter =
            requests[route]?[status]
            ?? Counter(
                label: "rubricator_requests_total",
                dimensions: [("route", route.path), ("method", route.method), ("status", "\(status)")],
                factory: registry)
        counter.increment()
        durations[route]?.recordNanoseconds(time.nanoseconds)
    }

    func took(_ time: Duration, in stage: Stage) {
        stages[stage]?.recordNanoseconds(time.nanoseconds)
    }

    /// The time of `work` counts for `stage`.
    func timing<Value, Failure: Error>(_ stage: Stage, _ work: () throws(Failure) -> Value) throws(Failure) -> Value {
        let start = ContinuousClock.now
        defer { took(ContinuousClock.now - start, in: stage) }
        return try work()
    }

    func waits(windows: Int, tokens: Int) {
        queueWindows.set(windows)
        queueTokens.set(tokens)
    }

    func ran(windows: Int, tokens: Int) {
        batchWindows.record(windows)
        batchTokens.record(tokens)
    }

    func holds(bodyBytes count: Int) { heldBodyBytes.set(count) }

    func connection(opened: Bool) { opened ? connections.increment() : connections.decrement() }

    func becomes(ready isReady: Bool) { ready.set(isReady ? 1 : 0) }

    func reloaded(_ succeeded: Bool) { reloads[succeeded]?.increment() }

    func drift(of labeller: Labeller, _ name: String, window: Int) -> DriftMonitor? {
        labeller.profile.map { DriftMonitor($0, model: name, labels: labeller.labels, window: window, registry) }
    }

    func model(_ name: String, labels: [String], info: [(String, String)]) -> ModelMetrics {
        ModelMetrics(name, labels: labels, info: info, registry)
    }
}

/// What is counted of one model.
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

    func gave(_ label: Int, confidence probability: Double, byHeading: Bool) {
        given[label][byHeading ? 1 : 0].increment()
        if !byHeading { confidence.record(probability) }
    }

    func truncatedOne() { truncated.increment() }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { Int64(self / .nanoseconds(1)) }
}
