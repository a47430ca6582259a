import Testing
import WireProtocol

@testable import ClusterCore

/// What a worker makes of messages that come twice or in another order than they were sent.
struct WorkerOrderTests {
    @Test func `tasks that overtake their WELCOME are answered once it has come`() throws {
        let bench = WorkerHarness()
        bench.endTurn()
        bench.call([1])
        #expect(bench.jobs().isEmpty, "the broker's epoch is not known yet")
        bench.join()
        let jobs = bench.jobs()
        #expect(jobs.count == 1)
        bench.finish(try #require(jobs.first))
        bench.endTurn()
        #expect(bench.sent(.reply).count == 1)
    }

    @Test func `tasks that overtake the WELCOME of a second session are answered, too`() throws {
        let bench = WorkerHarness()
        bench.join()
        bench.deliver(Header(.unknownPeer, epoch: 77), WireUnknownPeer())
        _ = bench.take()
        bench.call([1])
        bench.join()
        bench.finish(try #require(bench.jobs().first))
        bench.endTurn()
        #expect(bench.sent(.reply).count == 1)
    }

    @Test func `early tasks of another epoch than the WELCOME's are dropped`() {
        let bench = WorkerHarness()
        bench.endTurn()
        bench.call([1], epoch: 76)
        bench.join()
        #expect(bench.jobs().isEmpty)
        #expect(bench.node.links[0].early.isEmpty)
    }

    @Test func `early tasks are bounded, and forgotten with their connection`() {
        let bench = WorkerHarness { $0.maxTasks = 2 }
        bench.endTurn()
        for number in 1...5 { bench.call([UInt64(number)]) }
        #expect(bench.node.links[0].early.count == 2)
        bench.advance(.seconds(3))
        #expect(bench.node.links[0].early.isEmpty)
    }

    @Test func `an UNKNOWN_PEER that comes twice does not forget the next session's tasks`() {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        bench.deliver(Header(.unknownPeer, epoch: 77), WireUnknownPeer())
        #expect(bench.sent(.hello).count == 1)
        bench.call([1])
        bench.deliver(Header(.unknownPeer, epoch: 77), WireUnknownPeer())
        bench.join()
        #expect(bench.jobs().count == 1)
    }

    @Test func `a task that comes twice is done and answered once`() throws {
        let bench = WorkerHarness()
        bench.join()
        _ = bench.take()
        bench.call([1])
        bench.call([1])
        let jobs = bench.jobs()
        #expect(jobs.count == 1)
        bench.finish(try #require(jobs.first))
        bench.endTurn()
        #expect(bench.sent(.reply).count == 1)
        #expect(bench.node.jobs.isEmpty && bench.node.jobOfTask.isEmpty)
    }
}
