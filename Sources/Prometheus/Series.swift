import CoreMetrics
import Synchronization

/// A metric that writes itself as one line of the text format, or several for a histogram.
protocol Series: AnyObject, Sendable {
    func write(_ name: String, _ labels: Labels, to text: inout String)
}

final class CounterSeries: Series, CounterHandler {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }

    func reset() { value.store(0, ordering: .relaxed) }

    func write(_ name: String, _ labels: Labels, to text: inout String) {
        text += "\(name)\(labels.written()) \(value.load(ordering: .relaxed))\n"
    }
}

final class FloatingPointCounterSeries: Series, FloatingPointCounterHandler {
    private let value = Mutex(0.0)

    func increment(by amount: Double) { value.withLock { $0 += amount } }

    func reset() { value.withLock { $0 = 0 } }

    func write(_ name: String, _ labels: Labels, to text: inout String) {
        text += "\(name)\(labels.written()) \(number(value.withLock { $0 }))\n"
    }
}

final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ new: Int64) { set(Double(new)) }

    func set(_ new: Double) { value.withLock { $0 = new } }

    func increment(by amount: Double) { value.withLock { $0 += amount } }

    func decrement(by amount: Double) { value.withLock { $0 -= amount } }

    func record(_ new: Int64) { set(Double(new)) }

    func record(_ new: Double) { set(new) }

    func write(_ name: String, _ labels: Labels, to text: inout String) {
        text += "\(name)\(labels.written()) \(number(value.withLock { $0 }))\n"
    }
}

final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    private struct State {
        /// The number of values in each bucket, not cumulative. The last count is for values above the last bound.
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(buckets: [Double]) {
        bounds = buckets
        state = Mutex(State(counts: [Int](repeating: 0, count: buckets.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func write(_ name: String, _ labels: Labels, to text: inout String) {
        let state = state.withLock { $0 }
        var count = 0
        for (bound, here) in zip(bounds + [.infinity], state.counts) {
            count += here
            text += "\(name)_bucket\(labels.written(and: "le=\"\(number(bound))\"")) \(count)\n"
        }
        text += "\(name)_sum\(labels.written()) \(number(state.sum))\n"
        text += "\(name)_count\(labels.written()) \(count)\n"
    }
}

/// Returns a number in the notation of the text format.
private func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}
