import Testing
import WireProtocol

@testable import ClusterCore

/// The worker's log of tasks that failed or took long, with the traces they are part of.
struct WorkerNotingTests {
    private let bench = WorkerHarness()

    init() {
        bench.join()
    }

    /// Calls tasks of a trace; their jobs.
    private func jobs(
        _ numbers: [UInt64], traceparent: String = ItemTraceTests.parent
    ) -> [WorkerJob] {
        _ = bench.take()
        bench.call(numbers) { $0.options.traceparent = traceparent }
        return bench.take().compactMap { action in
            if case .run(let job) = action { job } else { nil }
        }
    }

    private func lines() -> [String] {
        bench.endTurn()
        return bench.take().compactMap { action in
            if case .log(_, let text) = action { text } else { nil }
        }
    }

    @Test func `a failed task is logged with its trace and the reason`() throws {
        let job = try #require(jobs([7]).first)
        bench.node.finished(
            job.id, .failed(.deadline, "too\nlate"), elapsed: .milliseconds(12), at: bench.now)
        #expect(
            lines() == [
                "failed task 7 of broker 0 on i/0 after 12 ms, traceparent "
                    + "\(ItemTraceTests.parent): DEADLINE too late"
            ])
    }

    @Test func `a slow task is logged with its trace, a quick one not at all`() throws {
        let jobs = jobs([7, 8])
        try #require(jobs.count == 2)
        bench.finish(jobs[0], elapsed: .milliseconds(999))
        bench.finish(jobs[1], elapsed: .milliseconds(1_000))
        #expect(
            lines() == [
                "slow task 8 of broker 0 on i/0 after 1000 ms, traceparent "
                    + ItemTraceTests.parent
            ])
    }

    @Test func `without a trace, or with a malformed one, the line names none`() throws {
        for traceparent in ["", "00-junk"] {
            let job = try #require(jobs([7], traceparent: traceparent).first)
            bench.finish(job, elapsed: .seconds(2))
            #expect(lines() == ["slow task 7 of broker 0 on i/0 after 2000 ms"])
        }
    }

    @Test func `a cancelled task is no failure to be logged`() throws {
        let job = try #require(jobs([7]).first)
        bench.node.finished(
            job.id, .failed(.cancelled, "cancelled by the broker"), elapsed: .seconds(5),
            at: bench.now)
        #expect(lines().isEmpty)
        let metrics = bench.node.takeMetrics()
        #expect(metrics.cancelled == 1)
        #expect(metrics.failed == 1)
        #expect(metrics.callDurations.count == 1)
    }

    @Test func `ten lines a second are written`() throws {
        for second in 0..<2 {
            for job in jobs(Array(1...14)) { bench.finish(job, elapsed: .seconds(2)) }
            #expect(lines().count == 10, "second \(second)")
            bench.advance(.seconds(1))
        }
    }
}
