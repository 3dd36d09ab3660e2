public import CoreMetrics
import Synchronization

/// A backend of swift-metrics that keeps every series in memory and writes them all in Prometheus' text format, version 0.0.4.
///
/// A series is written from when its handle is made, at zero, so that a scraper sees everything from the first time on.
/// Counters become counters; meters, and recorders that do not aggregate, gauges; other recorders and timers, which count in
/// seconds, histograms.
public final class PrometheusRegistry: MetricsFactory {
    /// What is said of all series of one name.
    public struct Family: Sendable {
        /// The series' name.
        public let name: String
        /// One sentence on what it measures, with its unit.
        public let help: String
        /// The upper bounds of a histogram, ascending, without infinity.
        public let buckets: [Double]

        /// Describes a family.
        ///
        /// - Parameters:
        ///   - name: With `_total` at the end of a counter's and the unit at the end of all others'.
        ///   - help: One sentence on what it measures.
        ///   - buckets: Of a histogram; Prometheus' own defaults, which suit seconds, where none are given.
        public init(_ name: String, _ help: String, buckets: [Double] = Family.seconds) {
            self.name = name
            self.help = help
            self.buckets = buckets
        }

        /// The default buckets of Prometheus' own clients.
        public static let seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    }

    private struct Group {
        var family: Family
        var kind: Kind
        var series: [Labels: any Series] = [:]
        var order: [Labels] = []
    }

    private let families: [String: Family]
    private let groups = Mutex<[String: Group]>([:])

    /// A registry without series. What is measured beyond the families has no help.
    public init(_ families: [Family]) {
        self.families = Dictionary(families.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Everything as it is now, by name.
    public var text: String {
        groups.withLock { groups in
            var text = ""
            for (name, group) in groups.sorted(by: { $0.key < $1.key }) {
                if !group.family.help.isEmpty { text += "# HELP \(name) \(escaped(group.family.help, quote: false))\n" }
                text += "# TYPE \(name) \(group.kind.rawValue)\n"
                for labels in group.order { group.series[labels]?.write(name, labels, to: &text) }
            }
            return text
        }
    }

    /// A number that only grows.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { _ in CounterSeries() }
    }

    /// A fractional number that only grows.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { _ in FloatingPointCounterSeries() }
    }

    /// A number that goes up and down.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { _ in GaugeSeries() }
    }

    /// A distribution, or the last value.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate {
            series(label, dimensions, .histogram) { HistogramSeries(buckets: $0.buckets) }
        } else {
            series(label, dimensions, .gauge) { _ in GaugeSeries() }
        }
    }

    /// A distribution of durations, in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram) { HistogramSeries(buckets: $0.buckets) }
    }

    /// Does nothing: a scraper takes a series that vanishes for a restart.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Does nothing, as with a counter.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    /// Does nothing, as with a counter.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Does nothing, as with a counter.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Does nothing, as with a counter.
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func series<Kept: Series>(
        _ name: String, _ dimensions: [(String, String)], _ kind: Kind, _ make: (Family) -> Kept
    ) -> Kept {
        let labels = Labels(dimensions)
        return groups.withLock { groups in
            var group = groups[name] ?? Group(family: families[name] ?? Family(name, ""), kind: kind)
            defer { groups[name] = group }
            // Another kind under the same name is not written: the format has one for each name.
            if let kept = group.series[labels] { return kept as? Kept ?? make(group.family) }
            let made = make(group.family)
            group.series[labels] = made
            group.order.append(labels)
            return made
        }
    }
}

/// What the format calls a family's type.
enum Kind: String, Sendable {
    case counter, gauge, histogram
}

/// The labels of one series, as they are written.
struct Labels: Hashable, Sendable {
    /// `name="value",…`
    let text: String

    init(_ dimensions: [(String, String)]) {
        text = dimensions.map { "\($0)=\"\(escaped($1, quote: true))\"" }.joined(separator: ",")
    }

    /// In braces, another one after them; nothing where there are none at all.
    func written(and last: String = "") -> String {
        let all = [text, last].filter { !$0.isEmpty }.joined(separator: ",")
        return all.isEmpty ? "" : "{\(all)}"
    }
}

/// A text as the format wants it: on one line.
private func escaped(_ text: String, quote: Bool) -> String {
    let line = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    return quote ? line.replacing("\"", with: "\\\"") : line
}
