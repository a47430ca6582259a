import SearchIndex
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// What a broker counts for its metrics.
struct BrokerMetricsTests {
    @Test func `requests are counted by outcome, durations given once`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        let worker = bench.worker("w")
        bench.submit(["a", "(", "b"], as: 1, from: peer)
        let tasks = try bench.tasks(worker).map(\.number)
        bench.advance(.milliseconds(50))
        bench.reply(tasks, from: worker)
        let first = bench.broker.takeMetrics()
        #expect(first.totals.itemsCompleted == 2)
        #expect(first.totals.itemsFailed == 1)
        #expect(first.requestDurations.count == 2)
        #expect(first.requestDurations.sumMicroseconds == 100_000)
        #expect(first.queueWaits.count == 3)
        let second = bench.broker.takeMetrics()
        #expect(second.totals.itemsCompleted == 2)
        #expect(second.requestDurations.count == 0)
        #expect(second.queueWaits.count == 0)
    }

    @Test func `items that wait for their start are counted by priority`() throws {
        let bench = BrokerHarness()
        let peer = bench.client(window: 1)
        _ = bench.worker("w")
        bench.submit(["a", "b", "c"], as: 1, from: peer, priority: 7)
        bench.submit(["d"], as: 2, from: peer, priority: 0)
        let metrics = bench.broker.takeMetrics()
        #expect(metrics.queuedItems == [1, 0, 0, 0, 0, 0, 0, 2, 0, 0])
        #expect(metrics.queueWaits.count == 1)
        #expect(metrics.callsInFlight == 1)
    }

    @Test func `calls that have ended and those in flight are all that were sent`() throws {
        let bench = BrokerHarness { $0.configuration.hedging = false }
        let peer = bench.client()
        let worker = bench.worker("w")
        bench.submit(["a", "b", "c", "d"], as: 1, from: peer)
        let tasks = try bench.tasks(worker).map(\.number)
        bench.reply([tasks[0]], from: worker)
        bench.fail(tasks[1], .internal, from: worker)
        bench.fail(tasks[2], .busy, from: worker)
        let metrics = bench.broker.takeMetrics()
        #expect(metrics.totals.calls.answered == 1)
        #expect(metrics.totals.calls.failed == 1)
        #expect(metrics.totals.calls.busy == 1)
        #expect(metrics.totals.retries[.busy] == 1)
        #expect(sum(of: metrics) == bench.status.broker.tasksSent)

        bench.unreachable(worker)
        let after = bench.broker.takeMetrics()
        #expect(after.totals.calls.lost == UInt64(metrics.callsInFlight))
        #expect(after.callsInFlight == 0)
        #expect(after.totals.retries[.lost] == after.totals.calls.lost)
        #expect(after.totals.workersLost == 0, "it may have left")
        #expect(sum(of: after) == bench.status.broker.tasksSent)
    }

    @Test func `retries are counted by their reason`() throws {
        let bench = BrokerHarness { $0.configuration.hedging = false }
        let peer = bench.client()
        let (one, two) = (bench.worker("one"), bench.worker("two"))
        bench.submit(["a", "b"], from: peer)
        let (first, second) = (try bench.tasks(one), try bench.tasks(two))
        #expect(first.count == 1 && second.count == 1)
        bench.tell(.goodbye, from: one)
        #expect(bench.broker.takeMetrics().totals.retries[.left] == 1)
        _ = bench.worker("three")
        bench.alive.removeAll { $0 == two }
        bench.advance(.milliseconds(800))
        let metrics = bench.broker.takeMetrics()
        #expect(metrics.totals.retries[.suspected] == 2)
        #expect(metrics.workers.suspected == 1)
        #expect(RetryReason.allCases.map { metrics.totals.retries[$0] }.reduce(0, +) == 3)
    }

    @Test func `a task that no longer matters is abandoned once its worker is done with it`() throws
    {
        let bench = BrokerHarness()
        let peer = bench.client()
        let worker = bench.worker("w")
        bench.submit(["a"], from: peer)
        let task = try #require(try bench.tasks(worker).first).number
        bench.cancel(1, from: peer)
        #expect(bench.broker.takeMetrics().callsInFlight == 1)
        bench.fail(task, .cancelled, from: worker)
        let metrics = bench.broker.takeMetrics()
        #expect(metrics.totals.calls.abandoned == 1 && metrics.callsInFlight == 0)
        #expect(metrics.totals.itemsCancelled == 1 && metrics.requestDurations.count == 0)
    }

    @Test func `an answer that is not what was asked counts as failed`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        let worker = bench.worker("w")
        bench.submit(["a"], from: peer)
        let task = try #require(try bench.tasks(worker).first).number
        bench.reply([task], [TestHit(id: "x", key: 1, values: [.integer(1)])], from: worker)
        let metrics = bench.broker.takeMetrics()
        #expect(metrics.totals.calls.failed == 1 && metrics.totals.calls.answered == 0)
    }

    private func sum(of metrics: BrokerMetrics) -> UInt64 {
        let calls = metrics.totals.calls
        return calls.answered + calls.busy + calls.failed + calls.lost + calls.abandoned
            + UInt64(metrics.callsInFlight)
    }

    @Test func `workers are counted by state, one that comes back is not lost`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        _ = bench.worker("v")
        #expect(bench.broker.takeMetrics().workers.ready == 2)
        bench.unreachable(worker)
        var workers = bench.broker.takeMetrics().workers
        #expect(workers.ready == 1)
        #expect(workers.suspected == 1)
        bench.advance(.milliseconds(800))
        #expect(bench.broker.takeMetrics().workers.lost == 1)
        _ = bench.worker("w")
        workers = bench.broker.takeMetrics().workers
        #expect(workers.ready == 2)
        #expect(workers.lost == 0)
    }

    @Test(arguments: [false, true])
    func `METRICS is answered with the text of the shell`(isJSON: Bool) throws {
        let bench = BrokerHarness()
        bench.metricsText = "broker_workers 0\n"
        let peer = bench.client(json: isJSON)
        let header = Header(
            .metrics, flags: isJSON ? .json : [], id: 9, epoch: bench.session(of: peer))
        bench.deliver(header, WireMetricsRequest(), from: peer)
        let reply = try #require(bench.take(peer, .metricsReply).first)
        #expect(reply.header.id == 9)
        #expect(reply.header.codec == (isJSON ? .json : .protobuf))
        #expect(try reply.meta(WireMetricsReply.self).text == "broker_workers 0\n")
    }

    @Test func `METRICS is refused where another program has them`() throws {
        let bench = BrokerHarness()
        bench.metricsText = nil
        let peer = bench.client()
        bench.deliver(
            Header(.metrics, id: 9, epoch: bench.session(of: peer)), WireMetricsRequest(),
            from: peer)
        let reply = try #require(bench.take(peer, .failed).first)
        #expect(reply.header.id == 9)
        #expect(try reply.meta(WireFailed.self).code == .unsupported)
    }
}
