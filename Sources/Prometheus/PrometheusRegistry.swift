public import CoreMetrics
import Synchronization

/// A swift-metrics backend that keeps all series in memory and writes them in Prometheus' text format, version 0.0.4.
///
/// A series appears with the value zero as soon as its handle is created, so that the first scrape already shows it.
/// Counters become counters. Meters, and recorders that do not aggregate, become gauges. Other recorders and timers
/// become histograms; timers are in seconds.
public final class PrometheusRegistry: MetricsFactory {
    /// A description shared by all series with one name.
    public struct Family: Sendable {
        /// The name of the series.
        public let name: String
        /// A sentence that says what the series measure, with the unit.
        public let help: String
        /// The upper bounds of a histogram, ascending, without infinity.
        public let buckets: [Double]

        /// Creates a description.
        ///
        /// - Parameters:
        ///   - name: The name, ending in `_total` for counters and in the unit for all others.
        ///   - help: A sentence that says what the series measure.
        ///   - buckets: The upper bounds of a histogram. The default suits durations in seconds.
        public init(_ name: String, _ help: String, buckets: [Double] = Family.seconds) {
            self.name = name
            self.help = help
            self.buckets = buckets
        }

        /// The default buckets of Prometheus' own clients, in seconds.
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

    /// Creates a registry without series. Series that are not described in `families` have no help text.
    public init(_ families: [Family]) {
        self.families = Dictionary(families.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The current values of all series in Prometheus' text format, sorted by name.
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

    /// Creates a counter: an integer that only increases.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { _ in CounterSeries() }
    }

    /// Creates a counter of fractional amounts that only increases.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { _ in FloatingPointCounterSeries() }
    }

    /// Creates a gauge: a number that can increase and decrease.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { _ in GaugeSeries() }
    }

    /// Creates a histogram if `aggregate` is true, otherwise a gauge with the last value.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate {
            series(label, dimensions, .histogram) { HistogramSeries(buckets: $0.buckets) }
        } else {
            series(label, dimensions, .gauge) { _ in GaugeSeries() }
        }
    }

    /// Creates a histogram of durations in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram) { HistogramSeries(buckets: $0.buckets) }
    }

    /// Does nothing. A scraper would treat a series that disappears as a restart.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Does nothing; see ``destroyCounter(_:)``.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    /// Does nothing; see ``destroyCounter(_:)``.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Does nothing; see ``destroyCounter(_:)``.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Does nothing; see ``destroyCounter(_:)``.
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func series<Kept: Series>(
        _ name: String, _ dimensions: [(String, String)], _ kind: Kind, _ make: (Family) -> Kept
    ) -> Kept {
        let labels = Labels(dimensions)
        return groups.withLock { groups in
            var group = groups[name] ?? Group(family: families[name] ?? Family(name, ""), kind: kind)
            defer { groups[name] = group }
            // The format allows one type per name, so a series of another type with the same name is not written.
            if let kept = group.series[labels] { return kept as? Kept ?? make(group.family) }
            let made = make(group.family)
            group.series[labels] = made
            group.order.append(labels)
            return made
        }
    }
}

/// The type of a family in the text format.
enum Kind: String, Sendable {
    case counter, gauge, histogram
}

/// The labels of one series, as they are written in the text format.
struct Labels: Hashable, Sendable {
    /// The labels in the form `name="value",…`.
    let text: String

    init(_ dimensions: [(String, String)]) {
        text = dimensions.map { "\($0)=\"\(escaped($1, quote: true))\"" }.joined(separator: ",")
    }

    /// Returns the labels and the label `last` in braces, or an empty string if there are no labels.
    func written(and last: String = "") -> String {
        let all = [text, last].filter { !$0.isEmpty }.joined(separator: ",")
        return all.isEmpty ? "" : "{\(all)}"
    }
}

/// Returns the text escaped for the format, on one line.
private func escaped(_ text: String, quote: Bool) -> String {
    let line = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    return quote ? line.replacing("\"", with: "\\\"") : line
}
