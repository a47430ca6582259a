import ClusterCore
import CoreMetrics
import Histogram
import Synchronization

/// What a family of series is, as its TYPE line says.
enum PrometheusKind: String, Sendable {
    case counter
    case gauge
    case histogram
    case summary
}

/// One series of the registry: a name with its labels. Any thread may use it.
protocol PrometheusSeries: AnyObject, Sendable {
    static var kind: PrometheusKind { get }
    /// Writes its lines; `labels` is what stands between the braces.
    func write(_ name: String, _ labels: String, to text: inout ExpositionText)
}

/// A total.
final class PrometheusCounter: CounterHandler, PrometheusSeries {
    static let kind = PrometheusKind.counter
    private let total = Atomic<Int64>(0)

    /// Wraps around after 2^63, as a counter may.
    func increment(by amount: Int64) {
        total.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() {
        total.store(0, ordering: .relaxed)
    }

    func write(_ name: String, _ labels: String, to text: inout ExpositionText) {
        text.sample(name, labels, "\(total.load(ordering: .relaxed))")
    }
}

/// A present value.
final class PrometheusGauge: MeterHandler, RecorderHandler, PrometheusSeries {
    static let kind = PrometheusKind.gauge
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func write(_ name: String, _ labels: String, to text: inout ExpositionText) {
        text.sample(name, labels, ExpositionText.number(value.withLock { $0 }))
    }
}

/// Durations: an HDR histogram, written as one with fixed bounds in seconds.
final class PrometheusTimer: TimerHandler, PrometheusSeries {
    static let kind = PrometheusKind.histogram
    private let durations = Mutex(DurationHistogram())

    /// Upper bounds with their microseconds. A duration that is above one by less than a hundredth may
    /// count as within it, as it does in the histogram.
    static let bounds: [(text: String, microseconds: UInt64)] = [
        ("0.0001", 100), ("0.00025", 250), ("0.0005", 500), ("0.001", 1_000), ("0.0025", 2_500),
        ("0.005", 5_000), ("0.01", 10_000), ("0.025", 25_000), ("0.05", 50_000), ("0.1", 100_000),
        ("0.25", 250_000), ("0.5", 500_000), ("1", 1_000_000), ("2.5", 2_500_000),
        ("5", 5_000_000), ("10", 10_000_000), ("60", 60_000_000), ("300", 300_000_000),
    ]

    func recordNanoseconds(_ duration: Int64) {
        durations.withLock { $0.record(microseconds: UInt64(max(duration, 0)) / 1_000) }
    }

    /// Enters many at once. O(bins).
    func add(_ more: DurationHistogram) {
        durations.withLock { $0.add(more) }
    }

    func write(_ name: String, _ labels: String, to text: inout ExpositionText) {
        let all = durations.withLock { $0 }
        let prefix = labels.isEmpty ? "" : labels + ","
        var bound = 0
        var count: UInt64 = 0
        func writeBounds(below microseconds: UInt64) {
            while bound < Self.bounds.count, Self.bounds[bound].microseconds < microseconds {
                text.sample(
                    "\(name)_bucket", "\(prefix)le=\"\(Self.bounds[bound].text)\"", "\(count)")
                bound += 1
            }
        }
        for bin in all.counts.recordedValues() {
            writeBounds(below: all.counts.lowestEquivalentForValue(bin.value))
            count += bin.count
        }
        writeBounds(below: .max)
        text.sample("\(name)_bucket", "\(prefix)le=\"+Inf\"", "\(all.count)")
        text.sample(
            "\(name)_sum", labels, ExpositionText.number(Double(all.sumMicroseconds) / 1_000_000))
        text.sample("\(name)_count", labels, "\(all.count)")
    }
}

/// Values of any unit: quantiles of an HDR histogram of whole numbers; negative ones count as zero.
final class PrometheusSummary: RecorderHandler, PrometheusSeries {
    static let kind = PrometheusKind.summary
    private let state = Mutex(State())
    private static let quantiles = [("0.5", 50.0), ("0.9", 90.0), ("0.99", 99.0)]
    private static let largest: UInt64 = 1 << 50

    private struct State {
        var values = Histogram<UInt64>(
            lowestDiscernibleValue: 1, highestTrackableValue: PrometheusSummary.largest,
            numberOfSignificantValueDigits: .two)
        var sum = 0.0
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let whole = UInt64(min(max(value.rounded(), 0), Double(Self.largest)))
        state.withLock { state in
            state.values.record(whole)
            state.sum += value
        }
    }

    func write(_ name: String, _ labels: String, to text: inout ExpositionText) {
        let (values, sum) = state.withLock { ($0.values, $0.sum) }
        let prefix = labels.isEmpty ? "" : labels + ","
        for (quantile, percent) in Self.quantiles {
            let value = values.totalCount == 0 ? "NaN" : "\(values.valueAtPercentile(percent))"
            text.sample(name, "\(prefix)quantile=\"\(quantile)\"", value)
        }
        text.sample("\(name)_sum", labels, ExpositionText.number(sum))
        text.sample("\(name)_count", labels, "\(values.totalCount)")
    }
}
