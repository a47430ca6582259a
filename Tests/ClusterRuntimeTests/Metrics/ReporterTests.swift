import CoreMetrics
import Logging
import Synchronization
import Testing
import WireProtocol
import ZeroMQ

@testable import ClusterCore
@testable import ClusterRuntime

/// How shells report what their machines count.
struct ReporterTests {
    /// A backend that is not ours: it remembers what it is told.
    private final class Recording: MetricsFactory, CounterHandler, TimerHandler {
        let told = Mutex<[Int64]>([])

        func increment(by amount: Int64) { told.withLock { $0.append(amount) } }
        func recordNanoseconds(_ duration: Int64) { told.withLock { $0.append(duration) } }
        func reset() {}
        func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
            self
        }
        func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { self }
        func makeRecorder(
            label: String, dimensions: [(String, String)], aggregate: Bool
        ) -> any RecorderHandler {
            NOOPMetricsHandler.instance
        }
        func destroyCounter(_ handler: any CounterHandler) {}
        func destroyRecorder(_ handler: any RecorderHandler) {}
        func destroyTimer(_ handler: any TimerHandler) {}
    }

    @Test func `a counter is told differences, and nothing where there is none`() {
        let backend = Recording()
        var counter = TotalCounter(backend)
        for total in [0, 5, 5, 7, 8] as [UInt64] { counter.report(total) }
        #expect(backend.told.withLock { $0 } == [5, 2, 1])
    }

    @Test func `a backend of the program gets every duration, to a hundredth`() {
        let backend = Recording()
        var durations = DurationHistogram()
        for microseconds in [10, 10, 100_000] as [UInt64] {
            durations.record(microseconds: microseconds)
        }
        DurationTimer(backend).report(durations)
        let told = backend.told.withLock { $0 }
        #expect(told.prefix(2) == [10_000, 10_000])
        #expect(told.count == 3)
        #expect((100_000_000...101_000_000).contains(told.last ?? 0))
    }

    @Test func `without a backend nothing is reported`() {
        #expect(!MetricsTarget().isHeeded)
        #expect(MetricsTarget(PrometheusRegistry()).isHeeded)
    }

    @Test func `the longest turn is that of the last minute, and a report due once a second`() {
        func at(_ milliseconds: UInt64) -> MonotonicInstant {
            MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
        }
        var ticks = LoopTicks(now: at(0))
        ticks.begin(at: at(10))
        ticks.begin(at: at(30))
        let isFirstDue = ticks.end(at: at(60))
        #expect(isFirstDue)
        #expect(ticks.longest == .milliseconds(50))
        ticks.begin(at: at(100))
        let isSecondDue = ticks.end(at: at(101))
        #expect(!isSecondDue)
        for second in 2...60 as ClosedRange<UInt64> {
            #expect(ticks.longest == .milliseconds(50))
            ticks.begin(at: at(second * 1_100))
            _ = ticks.end(at: at(second * 1_100 + 1))
        }
        ticks.begin(at: at(80_000))
        _ = ticks.end(at: at(80_002))
        #expect(ticks.longest == .milliseconds(2))
    }

    @Test func `every metric that is reported has a HELP line`() {
        let registry = PrometheusRegistry()
        let target = MetricsTarget(registry)
        BrokerReporter(target).report(BrokerMetrics(), longestTick: .zero)
        WorkerReporter(target).report(WorkerMetrics())
        let lines = registry.exposition().split(separator: "\n")
        let types = lines.filter { $0.hasPrefix("# TYPE ") }
        #expect(types.count == MetricHelp.texts.count)
        #expect(lines.count { $0.hasPrefix("# HELP ") } == types.count)
    }

    @Test func `the end of a broker and a worker leaves totals and no states`() {
        let registry = PrometheusRegistry()
        let target = MetricsTarget(registry)
        let (broker, worker) = (BrokerReporter(target), WorkerReporter(target))
        broker.report(BrokerMetrics(), longestTick: .zero)
        worker.report(WorkerMetrics())
        broker.finish(BrokerMetrics())
        worker.finish(WorkerMetrics())
        let text = registry.exposition()
        #expect(!text.contains(" gauge\n"))
        #expect(text.contains("# TYPE broker_requests_total counter\n"))
    }
}
