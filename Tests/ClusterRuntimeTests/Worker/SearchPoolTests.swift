import SearchIndex
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore
@testable import ClusterRuntime

/// Jobs on search threads that are told to stop.
@Suite(.timeLimit(.minutes(1)))
struct SearchPoolTests {
    private enum Event: Equatable, Sendable {
        case began(UInt64)
        case ended(UInt64, WireErrorCode?)
    }

    private let events: AsyncStream<Event>
    private let pool: SearchPool

    /// One thread, whose jobs run until they are told to stop.
    init() throws {
        let (events, sink) = AsyncStream.makeStream(of: Event.self)
        self.events = events
        pool = SearchPool(
            work: { job, control in
                sink.yield(.began(job.id.number))
                while true {
                    if let reason = control.stopReason {
                        return .failed(reason.code, reason.message)
                    }
                }
            },
            completion: { id, outcome, _ in sink.yield(.ended(id.number, outcome.failureCode)) },
            threadCount: 1)
        try pool.start()
    }

    private func job(_ number: UInt64, within budget: Duration? = nil) -> WorkerJob {
        WorkerJob(
            id: JobID(number: number), shard: ServedShardKey(index: "x", shard: 0),
            deadline: budget.map { MonotonicClock.now + $0 } ?? .distantFuture,
            kind: .likeTerms(
                WorkerJob.LikeTermsJob(
                    query: .matchNone, statistics: CollectionStatistics(documents: 0, fields: []))))
    }

    private func next(_ count: Int) async -> [Event] {
        var found: [Event] = []
        for await event in events {
            found.append(event)
            if found.count == count { break }
        }
        return found
    }

    @Test func `a job that runs when it is cancelled stops, and the next one begins`() async {
        pool.submit(job(1))
        #expect(await next(1) == [.began(1)])
        pool.submit(job(2))
        pool.cancel(JobID(number: 1))
        #expect(await next(2) == [.ended(1, .cancelled), .began(2)])
        pool.stop()
        #expect(await next(1) == [.ended(2, .cancelled)])
    }

    @Test func `a job that waits when it is cancelled never begins`() async {
        pool.submit(job(1))
        pool.submit(job(2))
        #expect(await next(1) == [.began(1)])
        pool.cancel(JobID(number: 2))
        pool.cancel(JobID(number: 1))
        #expect(await next(2) == [.ended(1, .cancelled), .ended(2, .cancelled)])
        pool.stop()
    }

    @Test func `a job stops at its deadline, and one whose deadline has passed never begins`() async
    {
        pool.submit(job(1, within: .milliseconds(50)))
        pool.submit(job(2, within: .zero))
        var found: [Event] = []
        for await event in events {
            found.append(event)
            if event == .ended(2, .deadline) { break }
        }
        // A machine that is busy may be too late for the first one, too.
        #expect(found.filter { $0 != .began(1) } == [.ended(1, .deadline), .ended(2, .deadline)])
        pool.stop()
    }
}
