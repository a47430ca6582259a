import Testing
import WireProtocol

@testable import ClusterCore

/// Late tasks are also given to a second replica; failing nodes get none for a while.
struct BrokerHedgingTests {
    /// Two replicas of one shard; the first one has the only task of a query.
    private struct Late {
        let bench: BrokerHarness
        let one: PeerID
        let two: PeerID
        let peer: PeerID
        let task: UInt64

        init(_ change: (inout BrokerSettings) -> Void = { _ in }) throws {
            bench = BrokerHarness {
                $0.configuration.loadBalancing = .roundRobin
                change(&$0)
            }
            one = bench.worker("one")
            two = bench.worker("two")
            peer = bench.client()
            bench.submit(["a"], from: peer) {
                $0.documents = .none
                $0.ledger = .full
            }
            task = try #require(try bench.tasks(one).first).number
        }

        func coverage() throws -> WireCoverage {
            let result = try #require(bench.take(peer, .result).first)
            let meta: WireResultMeta = try result.meta()
            return meta.coverage
        }
    }

    @Test func `a late task goes to the second replica, and the first answer counts`() throws {
        let late = try Late()
        late.bench.advance(.milliseconds(150))
        #expect(try late.bench.tasks(late.two).isEmpty)
        late.bench.advance(.milliseconds(100))
        let second = try #require(try late.bench.tasks(late.two).first).number
        late.bench.reply([second], [TestHit(id: "x", key: 1)], from: late.two)
        let coverage = try late.coverage()
        #expect(coverage.hedged == 1)
        #expect(coverage.resent == 0)
        #expect(coverage.reports.map(\.worker) == ["two"])
        #expect(coverage.reports.map(\.hedged) == [true])
        #expect(try late.bench.cancelled(late.one) == [late.task])
        late.bench.reply([late.task], [TestHit(id: "y", key: 2)], from: late.one)
        #expect(late.bench.take(late.peer, .result).isEmpty)
        #expect(late.bench.isEmpty)
        #expect(late.bench.status.broker.tasksHedged == 1)
    }

    @Test func `a late task goes to a replica that joined after it was sent`() throws {
        let bench = BrokerHarness()
        let one = bench.worker("one")
        let peer = bench.client()
        bench.submit(["a"], from: peer) { $0.documents = .none }
        #expect(try bench.tasks(one).count == 1)
        bench.advance(.seconds(1))
        let two = bench.worker("two")
        bench.advance(.milliseconds(150))
        #expect(try bench.tasks(two).isEmpty)
        bench.advance(.milliseconds(100))
        let second = try #require(try bench.tasks(two).first).number
        bench.reply([second], [TestHit(id: "x", key: 1)], from: two)
        #expect(bench.take(peer, .result).count == 1)
        #expect(bench.status.broker.tasksHedged == 1)
    }

    @Test func `when the late one answers first the second is cancelled`() throws {
        let late = try Late()
        late.bench.advance(.milliseconds(250))
        let second = try #require(try late.bench.tasks(late.two).first).number
        late.bench.reply([late.task], from: late.one)
        #expect(try late.coverage().reports.map(\.worker) == ["one"])
        #expect(try late.bench.cancelled(late.two) == [second])
    }

    @Test func `an error of one of the two leaves the item to the other`() throws {
        let late = try Late()
        late.bench.advance(.milliseconds(250))
        let second = try #require(try late.bench.tasks(late.two).first).number
        late.bench.fail(second, .internal, from: late.two)
        #expect(try late.bench.failures(late.peer).isEmpty)
        late.bench.reply([late.task], from: late.one)
        #expect(try late.coverage().reports.map(\.worker) == ["one"])
    }

    @Test func `BUSY of one of the two leaves the item to the other, even without retries`() throws
    {
        let late = try Late { $0.configuration.maxRetries = 0 }
        late.bench.advance(.milliseconds(250))
        let second = try #require(try late.bench.tasks(late.two).first).number
        late.bench.fail(second, .busy, from: late.two)
        #expect(try late.bench.failures(late.peer).isEmpty)
        late.bench.reply([late.task], from: late.one)
        #expect(try late.coverage().reports.map(\.worker) == ["one"])
    }

    @Test(arguments: [0.01, 1_000])
    func `whether a thread is free does not depend on the weights`(_ weight: Double) throws {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .roundRobin }
        let one = bench.worker("one", weight: weight)
        let two = bench.worker("two", weight: weight)
        let peer = bench.client()
        bench.submit(["a", "b", "c"], from: peer)
        #expect(try bench.tasks(one).count == 2)
        let held = try bench.tasks(two).map(\.number)
        bench.advance(.milliseconds(250))
        #expect(try bench.tasks(two).isEmpty)
        bench.reply(held, from: two)
        bench.advance(.milliseconds(50))
        #expect(try bench.tasks(two).count == 1)
    }

    @Test func `a shard that is late sooner is not kept waiting by one that is late later`() throws
    {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .roundRobin }
        let slow = BrokerHarness.index("a", of: 1, shards: [0])
        let fast = BrokerHarness.index("b", of: 1, shards: [0])
        let workers = ["one", "two"].map { bench.worker($0, [slow, fast]) }
        let peer = bench.client(window: 256)
        for number in 0..<40 {
            bench.submit(["x"], as: UInt64(number) + 10, from: peer) {
                $0.documents = .none
                $0.indexes = ["b"]
            }
            for worker in workers {
                bench.reply(try bench.tasks(worker).map(\.number), from: worker)
            }
        }
        // Nothing is known of index a, so its answers are late after 200 ms.
        bench.submit(["x"], as: 99, from: peer)
        for worker in workers { _ = try bench.tasks(worker) }
        bench.advance(.milliseconds(50))
        #expect(try workers.flatMap { try bench.tasks($0) }.map(\.index) == ["b"])
    }

    @Test func `errors of both fail the item`() throws {
        let late = try Late()
        late.bench.advance(.milliseconds(250))
        let second = try #require(try late.bench.tasks(late.two).first).number
        late.bench.fail(late.task, .internal, from: late.one)
        #expect(try late.bench.failures(late.peer).isEmpty)
        late.bench.fail(second, .internal, from: late.two)
        #expect(try late.bench.failures(late.peer).map(\.code) == [.internal])
        #expect(late.bench.isEmpty)
    }

    @Test func `the loss of one of the two leaves the item to the other`() throws {
        let late = try Late()
        late.bench.advance(.milliseconds(250))
        let second = try #require(try late.bench.tasks(late.two).first).number
        late.bench.unreachable(late.one)
        #expect(try late.bench.tasks(late.two).isEmpty)
        late.bench.reply([second], from: late.two)
        #expect(try late.coverage().ok == 1)
    }

    @Test func `without hedging the late one is waited for`() throws {
        let late = try Late { $0.configuration.hedging = false }
        late.bench.advance(.seconds(2))
        #expect(try late.bench.tasks(late.two).isEmpty)
    }

    @Test func `without a free thread only what is very late is hedged`() throws {
        let late = try Late()
        late.bench.submit(["b", "c"], as: 2, from: late.peer)
        #expect(try late.bench.tasks(late.one).count == 1)
        #expect(try late.bench.tasks(late.two).count == 1)
        late.bench.advance(.milliseconds(1_500))
        #expect(try late.bench.tasks(late.two).isEmpty)
        late.bench.advance(.milliseconds(200))
        #expect(try late.bench.tasks(late.two).count == 1, "one more would not be less loaded")
    }

    @Test func `waiting work comes before hedged tasks`() throws {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .roundRobin }
        let one = bench.worker("one", window: 1)
        let two = bench.worker("two", window: 1)
        let peer = bench.client()
        bench.submit(["a", "b", "c"], from: peer)
        let held = try bench.tasks(two).map(\.number)
        bench.advance(.milliseconds(250))
        #expect(bench.status.broker.tasksHedged == 0)
        bench.reply(held, from: two)
        #expect(try bench.tasks(two).count == 1)
        #expect(bench.status.broker.tasksHedged == 0, "it is the third query, not the first again")
        #expect(try bench.tasks(one).count == 1)
    }

    @Test func `nobody is woken for the lateness of what has been answered`() throws {
        let late = try Late()
        let check = late.bench.broker.nextLivenessCheck
        for number in 0..<20 {
            late.bench.submit(["b"], as: UInt64(number) + 2, from: late.peer)
            for worker in [late.one, late.two] {
                late.bench.reply(try late.bench.tasks(worker).map(\.number), from: worker)
            }
        }
        late.bench.reply([late.task], from: late.one)
        #expect(late.bench.isEmpty)
        #expect(late.bench.broker.nextDeadline == check, "the next look at everybody's silence")
        #expect(late.bench.broker.timers.count == 0)
    }

    @Test func `only a less loaded replica is asked`() throws {
        let late = try Late()
        late.bench.submit(["b", "c", "d"], as: 2, from: late.peer) {
            $0.documents = .none
            $0.loadBalancing = .leastConnections
        }
        // Both have two tasks now.
        #expect(try late.bench.tasks(late.one).count == 1)
        let tasks = try late.bench.tasks(late.two).map(\.number)
        #expect(tasks.count == 2)
        late.bench.advance(.milliseconds(300))
        #expect(try late.bench.tasks(late.two).isEmpty)
        late.bench.reply(tasks, from: late.two)
        late.bench.advance(.milliseconds(50))
        #expect(try late.bench.tasks(late.two).isEmpty == false)
    }

    @Test func `the delay is learned from the shard's answers`() throws {
        let late = try Late()
        late.bench.reply([late.task], from: late.one)
        for number in 0..<40 {
            late.bench.submit(["a"], as: UInt64(number) + 10, from: late.peer)
            late.bench.credit(1, from: late.peer)
            for worker in [late.one, late.two] {
                late.bench.reply(try late.bench.tasks(worker).map(\.number), from: worker)
            }
        }
        late.bench.submit(["a"], as: 99, from: late.peer)
        let first = try [late.one, late.two].map { try late.bench.tasks($0).count }
        late.bench.advance(.milliseconds(50))
        let second = try [late.one, late.two].map { try late.bench.tasks($0).count }
        #expect(first.reduce(0, +) == 1)
        #expect(second == first.reversed(), "the other replica is asked within 50 ms, not 200")
    }

    @Test func `at most a twentieth of the tasks is hedged, after a burst of 32`() throws {
        let bench = BrokerHarness()
        let one = bench.worker("one")
        let peer = bench.client(window: 256)
        bench.submit(distinct("a", 100), from: peer)
        #expect(try bench.tasks(one).count == 100)
        let two = bench.worker("two")
        bench.submit(["b"], as: 2, from: peer)
        _ = try bench.tasks(two)
        bench.advance(.milliseconds(700))
        // Those sent while there was no second replica are not watched.
        #expect(bench.status.broker.tasksHedged == 0)
        let bulk = BrokerHarness { $0.configuration.loadBalancing = .roundRobin }
        let workers = [bulk.worker("one"), bulk.worker("two")]
        let client = bulk.client(window: 256)
        bulk.submit(distinct("a", 200), from: client)
        let halves = try workers.map { try bulk.tasks($0).map(\.number) }
        bulk.reply(halves[1], from: workers[1])
        bulk.advance(.milliseconds(300))
        #expect(try bulk.tasks(workers[1]).count == 32)
    }

    @Test func `a node that fails gets no tasks for a second, then one at a time`() throws {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .roundRobin }
        let bad = bench.worker("bad")
        let good = bench.worker("good")
        let peer = bench.client(window: 256)
        bench.submit(distinct("a", 10), from: peer)
        for task in try bench.tasks(bad) { bench.fail(task.number, .internal, from: bad) }
        bench.reply(try bench.tasks(good).map(\.number), from: good)
        #expect(bench.status.workers.first?.breaker == .breakerOpen)
        #expect(bench.logs.contains { $0.contains("'bad' fails most of its tasks") })
        bench.submit(distinct("b", 10), as: 2, from: peer)
        #expect(try bench.tasks(bad).isEmpty)
        bench.reply(try bench.tasks(good).map(\.number), from: good)
        bench.advance(.seconds(1))
        bench.submit(distinct("c", 10), as: 3, from: peer)
        let trial = try bench.tasks(bad).map(\.number)
        #expect(trial.count == 1)
        bench.reply(trial, from: bad)
        bench.reply(try bench.tasks(good).map(\.number), from: good)
        bench.submit(["d", "e"], as: 4, from: peer)
        bench.reply(try bench.tasks(bad).map(\.number), from: bad)
        #expect(bench.status.workers.first?.breaker == .breakerClosed)
    }

    @Test func `a shard whose only replica fails its tasks is not served, and the answer says why`()
        throws
    {
        let bench = BrokerHarness()
        let bad = bench.worker("bad")
        let peer = bench.client(window: 256)
        bench.submit(distinct("a", 5), from: peer)
        for task in try bench.tasks(bad) { bench.fail(task.number, .internal, from: bad) }
        _ = bench.take(peer)
        bench.submit(["b", "c"], as: 2, from: peer)
        bench.advance(.milliseconds(1_050))
        let trial = try bench.tasks(bad)
        #expect(trial.count == 1, "one of the two is the trial")
        bench.advance(.seconds(1))
        let failure = try #require(try bench.failures(peer).first)
        #expect(failure.code == .noWorkers)
        #expect(
            failure.message == "no live worker serves shard i/0 ('bad' fails most of its tasks)")
        bench.reply(trial.map(\.number), from: bad)
        bench.submit(["d"], as: 3, from: peer)
        bench.reply(try bench.tasks(bad).map(\.number), from: bad)
        #expect(bench.take(peer, .result).count == 2)
        #expect(bench.status.indexes.first?.shards.first?.workers == ["bad"])
    }

    @Test func `a worker that says BUSY is left alone for a moment`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client()
        bench.submit(["a"], from: peer)
        bench.fail(try #require(try bench.tasks(worker).first).number, .busy, from: worker)
        #expect(try bench.tasks(worker).isEmpty)
        bench.advance(.milliseconds(50))
        #expect(try bench.tasks(worker).count == 1)
    }

    @Test func `a worker that returns after a loss begins with a task for each thread`() throws {
        let bench = BrokerHarness()
        bench.unreachable(bench.worker("w"))
        let back = bench.worker("w", slots: 2)
        let peer = bench.client(window: 256)
        bench.submit(distinct("a", 20), from: peer)
        var counts: [Int] = []
        for _ in 0..<3 {
            let tasks = try bench.tasks(back).map(\.number)
            counts.append(tasks.count)
            bench.reply(tasks, from: back)
        }
        #expect(counts == [2, 4, 8])
    }
}
