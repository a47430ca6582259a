import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// Which ends of tasks count as failures of their worker, for its breaker and in its statistics.
struct BrokerFailureTests {
    private func failures(_ name: String, _ bench: BrokerHarness) -> UInt64? {
        bench.status.workers.first { $0.name == name }?.tasksFailed
    }

    private func breaker(_ name: String, _ bench: BrokerHarness) -> WireBreakerState? {
        bench.status.workers.first { $0.name == name }?.breaker
    }

    private func fail(_ count: Int, at worker: PeerID, _ bench: BrokerHarness) throws {
        bench.submit(distinct("a", count), as: 77, from: bench.client("f", session: 77))
        for task in try bench.tasks(worker) { bench.fail(task.number, .internal, from: worker) }
    }

    @Test func `the breaker stays open over sessions of one process and is new for the next`()
        throws
    {
        let bench = BrokerHarness()
        try fail(5, at: bench.worker("w", pid: 1, incarnation: 1), bench)
        #expect(breaker("w", bench) == .breakerOpen)
        let again = bench.worker("w", pid: 1, incarnation: 1)
        #expect(breaker("w", bench) == .breakerOpen)
        bench.tell(.goodbye, from: again)
        let third = bench.worker("w", pid: 1, incarnation: 1)
        let peer = bench.client()
        bench.submit(["b", "c"], from: peer)
        #expect(try bench.tasks(third).isEmpty)
        bench.advance(.milliseconds(1_050))
        #expect(try bench.tasks(third).count == 1, "one at a time, whatever the session before had")
        _ = bench.worker("w", pid: 2, incarnation: 2)
        #expect(breaker("w", bench) == .breakerClosed)
    }

    @Test func `searches that expire open the breaker of a worker while another replica serves`()
        throws
    {
        let bench = BrokerHarness {
            $0.configuration.loadBalancing = .roundRobin
            $0.configuration.hedging = false
        }
        let stuck = bench.worker("stuck")
        let sound = bench.worker("sound")
        let peer = bench.client(window: 256)
        for request in 1...5 {
            bench.submit(["a", "b"], as: UInt64(request), from: peer, budget: 1_700)
            bench.reply(try bench.tasks(sound).map(\.number), from: sound)
            #expect(try bench.tasks(stuck).count == 1)
            bench.advance(.milliseconds(1_700))
        }
        #expect(try bench.failures(peer).map(\.code) == Array(repeating: .deadline, count: 5))
        #expect(breaker("stuck", bench) == .breakerOpen && failures("stuck", bench) == 5)
        #expect(breaker("sound", bench) == .breakerClosed && failures("sound", bench) == 0)
        bench.submit(["c", "d"], as: 9, from: peer)
        #expect(try bench.tasks(sound).count == 2)
    }

    @Test(arguments: [false, true])
    func `small budgets and the only replica's expiries open nothing`(isSmall: Bool) throws {
        let bench = BrokerHarness { $0.configuration.hedging = false }
        _ = bench.worker("one")
        if isSmall { _ = bench.worker("two") }
        let peer = bench.client(window: 256)
        bench.submit(distinct("a", 40), from: peer, budget: isSmall ? 150 : 2_000)
        bench.advance(.seconds(2))
        #expect(try bench.failures(peer).count == 40)
        #expect(bench.status.workers.allSatisfy { $0.breaker == .breakerClosed })
        #expect(bench.status.workers.allSatisfy { $0.tasksFailed == 0 })
    }

    @Test func `the loser of a hedge, what is cancelled and BUSY are no failures of the node`()
        throws
    {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .roundRobin }
        let (one, two) = (bench.worker("one"), bench.worker("two"))
        let peer = bench.client()
        bench.submit(["a"], from: peer)
        let late = try #require(try bench.tasks(one).first).number
        bench.advance(.seconds(2))
        bench.reply(try bench.tasks(two).map(\.number), from: two)
        bench.fail(late, .cancelled, from: one)
        bench.submit(["b"], as: 2, from: peer)
        bench.cancel(2, from: peer)
        for (worker, other) in [(one, two), (two, one)] {
            for task in try bench.tasks(worker) {
                bench.fail(task.number, .cancelled, from: worker)
            }
            bench.submit(["c"], as: 3, from: peer)
            for task in try bench.tasks(worker) { bench.fail(task.number, .busy, from: worker) }
            bench.reply(try bench.tasks(other).map(\.number), from: other)
        }
        #expect(failures("one", bench) == 0 && failures("two", bench) == 0)
        #expect(breaker("one", bench) == .breakerClosed)
    }

    @Test func `a failure of a wanted answer counts, one about the query does not`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client()
        bench.submit(["a", "b"], from: peer)
        let codes: [WireErrorCode] = [.internal, .tooLarge]
        for (task, code) in zip(try bench.tasks(worker), codes) {
            bench.fail(task.number, code, from: worker)
        }
        #expect(failures("w", bench) == 1)
    }

    @Test(arguments: ["drained", "reactivated"])
    func `a worker that returns begins with a task for each thread`(how: String) throws {
        let bench = BrokerHarness()
        let peer = bench.client(window: 256)
        var worker = bench.worker("w", pid: 1, slots: 2, incarnation: 1)
        if how == "drained" {
            bench.tell(.drain, from: worker)
            bench.tell(.goodbye, from: worker)
            worker = bench.worker("w", pid: 2, slots: 2, incarnation: 2)
        } else {
            for isActive in [false, true] {
                var admin = WireAdmin()
                admin.node.name = "w"
                admin.node.active = isActive
                bench.deliver(Header(.admin, id: 9, epoch: 7), admin, from: peer)
            }
        }
        bench.submit(distinct("a", 20), as: 2, from: peer)
        var counts: [Int] = []
        for _ in 0..<3 {
            let tasks = try bench.tasks(worker).map(\.number)
            counts.append(tasks.count)
            bench.reply(tasks, from: worker)
        }
        #expect(counts == [2, 4, 8])
    }
}
