import SearchIndex
import TestSupport
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// What shards tell each other of scores, and the profile of an answer.
struct BrokerFloorTests {
    private let harness = BrokerHarness()

    /// An item on two shards of which the second is sent only when the first has answered.
    private func second(_ change: (inout WireSubmit) -> Void) throws -> (PeerID, WireTask) {
        let worker = harness.worker("w", of: 2, shards: [0, 1], window: 1)
        let client = harness.client()
        harness.submit(["a"], from: client) {
            $0.documents = .none
            $0.limit = 2
            change(&$0)
        }
        let first = try #require(try harness.tasks(worker).first)
        #expect(!first.task.hasFloor)
        harness.advance(.milliseconds(50))
        harness.reply(
            [first.number],
            [TestHit(id: "x", score: 9, key: 1), TestHit(id: "y", score: 7, key: 2)],
            from: worker)
        let second = try #require(try harness.tasks(worker).first)
        harness.reply([second.number], [TestHit(id: "z", score: 8, key: 1)], from: worker) {
            $0.scoredPostings = 77
            $0.floor = 7
            $0.tookUs = 5
        }
        return (client, second.task)
    }

    @Test func `a shard asked later begins with the score that enough hits of another reach`()
        throws
    {
        let (client, task) = try second { $0.profile = true }
        #expect(task.sharesFloor && task.hasFloor && task.floor == 7)
        let message = try #require(harness.take(client, .result).first)
        let hits: WireHits = try message.body(0)
        #expect(hits.hits.map(\.id) == ["x", "z"])
        let meta: WireResultMeta = try message.meta()
        let tasks = meta.profile.tasks
        #expect(tasks.map(\.shard) == [0, 1])
        #expect(tasks.map(\.sentUs) == [0, 50_000])
        #expect(tasks.map(\.answeredUs) == [50_000, 50_000])
        #expect(tasks[1].scoredPostings == 77 && tasks[1].floor == 7 && tasks[1].tookUs == 5)
        #expect(tasks[1].worker == "w" && tasks[1].index == "i" && tasks[1].hits == 1)
        #expect(meta.profile.searchedUs == 50_000 && meta.profile.finishedUs == 50_000)
    }

    @Test(arguments: [
        { @Sendable (submit: inout WireSubmit) in submit.allowPartial = true },
        { @Sendable (submit: inout WireSubmit) in submit.merge = .nodeOrder },
        { @Sendable (submit: inout WireSubmit) in submit.merge = .scoreAsc },
        { @Sendable (submit: inout WireSubmit) in submit.limit = 3 },
    ])
    func `not where a shard may be left out, another order is asked, or there are too few hits`(
        change: @Sendable (inout WireSubmit) -> Void
    ) throws {
        let (client, task) = try second { change(&$0) }
        #expect(!task.hasFloor)
        let message = try #require(harness.take(client, .result).first)
        let meta: WireResultMeta = try message.meta()
        #expect(!meta.hasProfile)
    }

    @Test func `a floor rises only, whoever raises it`() {
        let floor = SharedFloor()
        #expect(floor.value == nil)
        for score: Float in [2, 1, 3.5, 3] { floor.raise(to: score) }
        #expect(floor.value == 3.5)
        #expect(SharedFloor(4).value == 4)
    }

    @Test func `tasks of one call with one query share a floor, others have none`() throws {
        let bench = WorkerHarness()
        bench.join()
        bench.call([1, 2, 3]) { $0.sharesFloor = $0.task != 3 }
        let jobs = bench.take().compactMap { action -> WorkerJob.SearchJob? in
            guard case .run(let job) = action, case .search(let search) = job.kind else {
                return nil
            }
            return search
        }
        try #require(jobs.count == 3)
        jobs[0].floor?.raise(to: 5)
        #expect(jobs[1].floor?.value == 5)
        #expect(jobs[2].floor == nil)
    }
}
