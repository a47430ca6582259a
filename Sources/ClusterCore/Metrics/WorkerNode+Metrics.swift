/// What a worker measures: totals since its start, the present state, and durations since the last
/// report.
package struct WorkerMetrics: Sendable {
    /// Search threads.
    package var slots = 0
    /// Search threads at work. What the worker's own thread does at once is not in it.
    package var busy = 0
    package var cancelled: UInt64 = 0
    /// Tasks worked on that had no answer, the cancelled ones among them, the refused not.
    package var failed: UInt64 = 0
    /// Work on tasks, without waiting, since the last report.
    package var callDurations = DurationHistogram()
}

extension WorkerNode {
    /// Takes what is to be reported; durations are given once.
    package mutating func takeMetrics() -> WorkerMetrics {
        var metrics = WorkerMetrics()
        metrics.slots = settings.slots
        metrics.busy = Int(running)
        metrics.cancelled = health.cancelled
        metrics.failed = health.errors
        metrics.callDurations = health.unreported.take()
        return metrics
    }
}
