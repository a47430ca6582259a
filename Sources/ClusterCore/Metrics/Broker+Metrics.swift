import OrderedCollections
import WireMessages
import WireProtocol

/// METRICS of a client, to be answered with what the shell reports elsewhere.
package struct MetricsRequest: Sendable {
    let header: Header
    let peer: PeerID
}

/// What a broker measures: totals since its start, the present state, and durations since the last
/// report.
package struct BrokerMetrics: Sendable {
    package struct Workers: Sendable {
        package var ready = 0
        package var suspected = 0
        package var draining = 0
        /// Names whose last session was lost and that have not come back.
        package var lost = 0
    }

    package var totals = BrokerCounters()

    /// Items that wait for their start, by priority.
    package var queuedItems = [Int](repeating: 0, count: Int(Header.maxPriority) + 1)
    package var callsInFlight = 0
    package var workers = Workers()

    /// From arrival to answer, of items completed since the last report.
    package var requestDurations = DurationHistogram()
    /// From arrival to start, of items started since the last report.
    package var queueWaits = DurationHistogram()
}

extension Broker {
    /// Takes what is to be reported; durations are given once. O(items + names of workers).
    package mutating func takeMetrics() -> BrokerMetrics {
        var metrics = BrokerMetrics()
        metrics.totals = counters
        for item in items.values where item.phase == .waiting && !item.isStarted {
            metrics.queuedItems[Int(item.priority)] += 1
        }
        metrics.callsInFlight =
            tasks.count - workers.values.reduce(0) { $0 + $1.waitingFetches.count }
        metrics.workers = workerCounts
        metrics.requestDurations = times.unreportedAnswers.take()
        metrics.queueWaits = times.unreportedWaits.take()
        return metrics
    }

    private var workerCounts: BrokerMetrics.Workers {
        var counts = BrokerMetrics.Workers()
        for worker in workers.values {
            if worker.standing.isDraining {
                counts.draining += 1
            } else if worker.standing.isSuspected {
                counts.suspected += 1
            } else {
                counts.ready += 1
            }
        }
        counts.lost = records.values.count { record in
            record.ended?.state == .lost && record.lastSession.flatMap { workers[$0] } == nil
        }
        return counts
    }

    /// Answers METRICS.
    ///
    /// - Parameter text: the process's metrics; nil where they are reported to its program only.
    package mutating func answerMetrics(_ request: MetricsRequest, text: String?) {
        guard let text else {
            return refuse(
                request.peer, request.header.answer(.failed),
                ItemFailure(
                    .unsupported, "this broker reports its metrics to the program it is part of"))
        }
        var reply = WireMetricsReply()
        reply.text = text
        send(request.header.answer(.metricsReply), reply, to: request.peer)
    }
}
