import JSON

/// One point in the history of a metric.
public struct Metric: Sendable, Equatable, Hashable {
    /// Name of the metric, such as `train_loss`.
    public var key: String
    /// Value; may be NaN or infinite.
    public var value: Double
    /// Time in milliseconds since 1970.
    public var timestamp: Int
    /// Training step.
    public var step: Int

    /// Creates a point.
    public init(key: String, value: Double, timestamp: Int, step: Int) {
        self.key = key
        self.value = value
        self.timestamp = timestamp
        self.step = step
    }

    init(_ json: JSONValue) {
        self.init(
            key: json.string("key"), value: json.number("value"), timestamp: json.integer("timestamp"),
            step: json.integer("step"))
    }

    func write(to json: inout JSONWriter) {
        json.object {
            $0.member("key", key)
            $0.key("value")
            $0.metricValue(value)
            $0.member("timestamp", timestamp)
            $0.member("step", step)
        }
    }
}
