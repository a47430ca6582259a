import ClusterCore
import CoreMetrics
import WireProtocol

/// Reports what a broker measures, under the names that docs/operations.md lists. On the loop's thread.
final class BrokerReporter {
    private var completed, failed, cancelled, refused: TotalCounter
    private var answeredCalls, busyCalls, failedCalls, lostCalls, abandonedCalls: TotalCounter
    private var retries: [(reason: RetryReason, counter: TotalCounter)]
    private var partialResults, hedgedCalls, workersLost: TotalCounter
    private var queriesPoisoned, poisonRefused: TotalCounter
    private var staleReplies, malformedMessages, blockedSends, unroutableSends: TotalCounter
    private let requestDurations, queueWaits: DurationTimer
    private let queuedItems: [any MeterHandler]
    private let callsInFlight, longestTick: any MeterHandler
    private let ready, suspected, draining, lost: any MeterHandler
    private let factory: any MetricsFactory

    init(_ target: MetricsTarget) {
        factory = target.factory
        let requests = "broker_requests_total"
        completed = target.counter(requests, ("outcome", "completed"))
        failed = target.counter(requests, ("outcome", "failed"))
        cancelled = target.counter(requests, ("outcome", "cancelled"))
        refused = target.counter(requests, ("outcome", "refused"))
        let calls = "broker_calls_total"
        answeredCalls = target.counter(calls, ("outcome", "answered"))
        busyCalls = target.counter(calls, ("outcome", "busy"))
        failedCalls = target.counter(calls, ("outcome", "failed"))
        lostCalls = target.counter(calls, ("outcome", "lost"))
        abandonedCalls = target.counter(calls, ("outcome", "abandoned"))
        retries = RetryReason.allCases.map {
            ($0, target.counter("broker_retries_total", ("reason", $0.rawValue)))
        }
        partialResults = target.counter("broker_partial_results_total")
        hedgedCalls = target.counter("broker_hedged_calls_total")
        workersLost = target.counter("broker_worker_lost_total")
        queriesPoisoned = target.counter("broker_poison_queries_total")
        poisonRefused = target.counter("broker_poison_refused_total")
        staleReplies = target.counter("broker_stale_replies_total")
        malformedMessages = target.counter("broker_malformed_messages_total")
        blockedSends = target.counter("broker_send_eagain_total")
        unroutableSends = target.counter("broker_unroutable_total")
        requestDurations = target.timer("broker_request_duration_seconds")
        queueWaits = target.timer("broker_queue_wait_seconds")
        queuedItems = (0...Header.maxPriority).map {
            target.gauge("broker_queue_items", ("priority", "\($0)"))
        }
        callsInFlight = target.gauge("broker_inflight_calls")
        longestTick = target.gauge("broker_loop_tick_max_seconds")
        ready = target.gauge("broker_workers", ("state", "ready"))
        suspected = target.gauge("broker_workers", ("state", "suspected"))
        draining = target.gauge("broker_workers", ("state", "draining"))
        lost = target.gauge("broker_workers", ("state", "lost"))
    }

    /// Brings the backend up to date.
    ///
    /// - Parameter longestTick: the longest turn of the loop in the last minute.
    func report(_ metrics: BrokerMetrics, longestTick tick: Duration) {
        report(metrics.totals)
        requestDurations.report(metrics.requestDurations)
        queueWaits.report(metrics.queueWaits)
        for (gauge, count) in zip(queuedItems, metrics.queuedItems) { gauge.set(Int64(count)) }
        callsInFlight.set(Int64(metrics.callsInFlight))
        longestTick.set(tick / .seconds(1))
        ready.set(Int64(metrics.workers.ready))
        suspected.set(Int64(metrics.workers.suspected))
        draining.set(Int64(metrics.workers.draining))
        lost.set(Int64(metrics.workers.lost))
    }

    /// Reports for the last time: what is in flight, waits or has joined is no more.
    func finish(_ metrics: BrokerMetrics) {
        report(metrics.totals)
        requestDurations.report(metrics.requestDurations)
        queueWaits.report(metrics.queueWaits)
        for gauge in queuedItems + [callsInFlight, longestTick, ready, suspected, draining, lost] {
            factory.destroyMeter(gauge)
        }
    }

    private func report(_ totals: BrokerCounters) {
        completed.report(totals.itemsCompleted)
        failed.report(totals.itemsFailed)
        cancelled.report(totals.itemsCancelled)
        refused.report(totals.itemsRefused)
        answeredCalls.report(totals.calls.answered)
        busyCalls.report(totals.calls.busy)
        failedCalls.report(totals.calls.failed)
        lostCalls.report(totals.calls.lost)
        abandonedCalls.report(totals.calls.abandoned)
        for position in retries.indices {
            retries[position].counter.report(totals.retries[retries[position].reason])
        }
        partialResults.report(totals.partialResults)
        hedgedCalls.report(totals.tasksHedged)
        workersLost.report(totals.workersLost)
        queriesPoisoned.report(totals.queriesPoisoned)
        poisonRefused.report(totals.poisonRefused)
        staleReplies.report(totals.staleReplies)
        malformedMessages.report(totals.malformedMessages)
        blockedSends.report(totals.blockedSends)
        unroutableSends.report(totals.unroutableSends)
    }
}
