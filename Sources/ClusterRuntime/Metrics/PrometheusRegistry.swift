package import CoreMetrics
import Synchronization

/// A backend of swift-metrics that keeps everything in memory and writes it down in the text format of
/// Prometheus, version 0.0.4.
///
/// Counters are `counter`; meters, and recorders that do not aggregate, are `gauge`; timers are
/// `histogram` in seconds, with fixed bounds; recorders that aggregate are `summary`. It holds at most
/// `maxSeries` series: what is asked of it beyond that is counted nowhere. Any thread may use it.
package final class PrometheusRegistry: MetricsFactory {
    /// Labels of every series, which tell apart processes of one host.
    private let labels: [(String, String)]
    private let state = Mutex(State())

    /// Far more than a process of ours has.
    static let maxSeries = 10_000

    struct State {
        var families: [String: Family] = [:]
        var seriesCount = 0
    }

    /// All series of one name.
    struct Family {
        let kind: PrometheusKind
        /// By their labels as text.
        var series: [String: any PrometheusSeries] = [:]
    }

    /// - Parameter labels: of every series.
    package init(labels: [(String, String)] = []) {
        self.labels = labels
    }

    /// The text: families in the order of their names, series in that of their labels.
    package func exposition() -> String {
        let families = state.withLock { $0.families }
        var text = ExpositionText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) where !family.series.isEmpty
        {
            text.begin(name, family.kind)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name, labels, to: &text)
            }
        }
        return text.text
    }

    /// The series of a name and labels, made if it is not there; one of its own that nobody sees if
    /// the name is of another kind, or there are too many.
    private func series<Series: PrometheusSeries>(
        _ label: String, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series {
        let name = ExpositionText.name(label)
        let key = ExpositionText.labels(labels + dimensions)
        return state.withLock { state in
            var family = state.families[name] ?? Family(kind: Series.kind)
            if let known = family.series[key] as? Series { return known }
            let new = make()
            guard family.kind == Series.kind, family.series[key] == nil,
                state.seriesCount < Self.maxSeries
            else { return new }
            family.series[key] = new
            state.families[name] = family
            state.seriesCount += 1
            return new
        }
    }

    private func remove(_ handler: AnyObject) {
        state.withLock { state in
            for (name, family) in state.families {
                for (key, series) in family.series where series === handler {
                    state.families[name]?.series[key] = nil
                    state.seriesCount -= 1
                }
            }
        }
    }

    package func makeCounter(
        label: String, dimensions: [(String, String)]
    ) -> any CounterHandler {
        series(label, dimensions) { PrometheusCounter() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions) { PrometheusGauge() }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate
            ? series(label, dimensions) { PrometheusSummary() }
            : series(label, dimensions) { PrometheusGauge() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions) { PrometheusTimer() }
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
