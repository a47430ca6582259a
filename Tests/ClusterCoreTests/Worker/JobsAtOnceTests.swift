import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// Jobs that are done in the turn in which their tasks have come.
struct JobsAtOnceTests {
    private let bench = WorkerHarness()

    init() {
        bench.join()
        _ = bench.take()
        bench.endsTurns = false
    }

    private func answered() throws -> [UInt64] {
        try bench.sent(.reply).flatMap { try $0.replyMeta().tasks.map(\.task) }
    }

    @Test func `four jobs in hand are few`() {
        bench.call([1, 2, 3])
        bench.call([4])
        #expect(bench.node.hasFewJobs)
        bench.call([5])
        #expect(!bench.node.hasFewJobs)
        for job in bench.jobs().prefix(1) { bench.finish(job) }
        #expect(bench.node.hasFewJobs)
    }

    @Test func `tasks done at once are answered in one REPLY of the same turn, once`() throws {
        bench.call([1, 2])
        for job in bench.jobs() {
            bench.finish(job)
            bench.finish(job)
        }
        #expect(try answered() == [])
        bench.endTurn()
        let replies = bench.sent(.reply)
        #expect(try replies.map { try $0.replyMeta().tasks.map(\.task) } == [[1, 2]])
        bench.endTurn()
        #expect(try answered() == [])
    }

    @Test func `a task that is cancelled in the turn of its CALL is answered all the same`() throws
    {
        bench.call([1])
        var cancel = WireCancel()
        cancel.tasks = [1]
        bench.deliver(Header(.cancel, epoch: 77), cancel)
        let actions = bench.take()
        for case .run(let job) in actions { bench.finish(job) }
        bench.endTurn()
        #expect(try answered() == [1])
    }

    @Test func `a worker that drains answers what it did at once before it says goodbye`() throws {
        bench.call([1])
        bench.node.drain(at: bench.now)
        for job in bench.jobs() { bench.finish(job) }
        bench.endTurn()
        let commands = bench.take().compactMap { action -> Command? in
            guard case .send(let frames, _) = action else { return nil }
            return try? WireMessage.decode(frames).header.command
        }
        #expect(commands == [.drain, .reply, .goodbye])
    }

    @Test func `what was done at once for a broker that cannot be reached is not sent to it again`()
        throws
    {
        bench.call([1])
        let jobs = bench.jobs()
        bench.node.sendBlocked(on: bench.link, at: bench.now)
        for job in jobs { bench.finish(job) }
        bench.endTurn()
        #expect(try answered() == [])
        #expect(bench.node.jobs.isEmpty)
    }
}
