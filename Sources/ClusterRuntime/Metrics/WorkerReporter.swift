import ClusterCore
import CoreMetrics

/// Reports what a worker measures, under the names that docs/operations.md lists. On the loop's thread.
final class WorkerReporter {
    private let slots, busy: any MeterHandler
    private let callDurations: DurationTimer
    private var cancelled, failed: TotalCounter
    private let factory: any MetricsFactory

    init(_ target: MetricsTarget) {
        factory = target.factory
        slots = target.gauge("worker_slots")
        busy = target.gauge("worker_busy")
        callDurations = target.timer("worker_call_duration_seconds")
        cancelled = target.counter("worker_cancelled_total")
        failed = target.counter("worker_failed_total")
    }

    /// Brings the backend up to date.
    func report(_ metrics: WorkerMetrics) {
        reportTotals(metrics)
        slots.set(Int64(metrics.slots))
        busy.set(Int64(metrics.busy))
    }

    /// Reports for the last time: it has no threads any more.
    func finish(_ metrics: WorkerMetrics) {
        reportTotals(metrics)
        for gauge in [slots, busy] { factory.destroyMeter(gauge) }
    }

    private func reportTotals(_ metrics: WorkerMetrics) {
        callDurations.report(metrics.callDurations)
        cancelled.report(metrics.cancelled)
        failed.report(metrics.failed)
    }
}
