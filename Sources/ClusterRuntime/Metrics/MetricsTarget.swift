import ClusterCore
import CoreMetrics
import Histogram

/// Where a broker or worker reports what it measures: the metrics system of its process, or a registry
/// of our own.
///
/// A library never bootstraps swift-metrics: where the program has not, nothing is reported.
package struct MetricsTarget: Sendable {
    /// How often totals and states are reported.
    static let interval = Duration.seconds(1)

    /// Makes the metrics.
    let factory: any MetricsFactory
    /// Writes them down for METRICS; nil where another backend has them.
    let registry: PrometheusRegistry?
    /// Of every metric, beside its own.
    let dimensions: [(String, String)]

    /// The backend that the program has chosen, with dimensions that tell apart what runs in it.
    package init(dimensions: [(String, String)] = []) {
        factory = MetricsSystem.factory
        registry = nil
        self.dimensions = dimensions
    }

    /// A registry of this process.
    package init(_ registry: PrometheusRegistry) {
        factory = registry
        self.registry = registry
        dimensions = []
    }

    /// Whether anybody looks at the metrics.
    var isHeeded: Bool { !(factory is NOOPMetricsHandler) }

    func counter(_ label: String, _ more: (String, String)...) -> TotalCounter {
        TotalCounter(factory.makeCounter(label: label, dimensions: dimensions + more))
    }

    func gauge(_ label: String, _ more: (String, String)...) -> any MeterHandler {
        factory.makeMeter(label: label, dimensions: dimensions + more)
    }

    func timer(_ label: String) -> DurationTimer {
        DurationTimer(factory.makeTimer(label: label, dimensions: dimensions))
    }
}

/// A counter that is told totals: what was added since the last one is reported.
struct TotalCounter {
    private let handler: any CounterHandler
    private var reported: UInt64 = 0

    init(_ handler: any CounterHandler) {
        self.handler = handler
    }

    /// Reports a total that never falls.
    mutating func report(_ total: UInt64) {
        guard total > reported else { return }
        handler.increment(by: Int64(clamping: total - reported))
        reported = total
    }
}

/// A timer that is told many durations at once.
struct DurationTimer {
    private let handler: any TimerHandler

    init(_ handler: any TimerHandler) {
        self.handler = handler
    }

    /// Reports durations that were not reported before. O(bins) with our own registry, elsewhere
    /// O(durations), each as the longest of its bin.
    func report(_ durations: DurationHistogram) {
        guard durations.count > 0 else { return }
        if let sink = handler as? PrometheusTimer { return sink.add(durations) }
        for bin in durations.counts.recordedValues() {
            let nanoseconds = Int64(clamping: bin.value) * 1_000
            for _ in 0..<bin.count { handler.recordNanoseconds(nanoseconds) }
        }
    }
}
