import TestSupport
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// Queries that end the workers they are given to: which parts are held to be guilty.
struct BrokerPoisonTests {
    /// A worker whose process ends and is started again, as its supervisor says.
    private final class Mortal {
        let name: String
        let bench: BrokerHarness
        let slots: UInt32
        private(set) var pid: UInt32
        private(set) var peer: PeerID
        private(set) var deaths = 0

        init(_ name: String, pid: UInt32, at bench: BrokerHarness, slots: UInt32 = 1) {
            self.name = name
            self.pid = pid
            self.bench = bench
            self.slots = slots
            peer = bench.worker(name, pid: pid, slots: slots, incarnation: UInt64(pid))
        }

        func die() {
            deaths += 1
            bench.alive.removeAll { $0 == peer }
            bench.reportExit(of: name, pid: pid)
            pid += 100
            peer = bench.worker(name, pid: pid, slots: slots, incarnation: UInt64(pid))
        }
    }

    private func parts(of bench: BrokerHarness) -> [ItemPart] {
        bench.broker.items.values.flatMap(\.parts)
    }

    /// Condemns the query "a", with three workers that die of it.
    private func condemn(
        at bench: BrokerHarness, for peer: PeerID, _ change: (inout WireSubmit) -> Void = { _ in }
    ) throws -> Mortal {
        let worker = Mortal("w", pid: 1, at: bench)
        bench.submit(["a"], from: peer) {
            $0.documents = .none
            change(&$0)
        }
        for _ in 0..<3 {
            #expect(try bench.tasks(worker.peer).count == 1)
            worker.die()
        }
        return worker
    }

    @Test(arguments: ["unreachable", "silence", "replaced", "supervisor"])
    func `an item that killed three workers is POISON`(how: String) throws {
        let bench = BrokerHarness { $0.noWorkersWait = .seconds(5) }
        let peer = bench.client()
        for pid in UInt32(1)...3 {
            let worker = bench.worker("w", pid: pid, incarnation: UInt64(pid))
            if pid == 1 { bench.submit(["a"], from: peer) }
            #expect(try bench.tasks(worker).count == 1)
            bench.advance(.milliseconds(50))
            bench.alive.removeAll { $0 == worker }
            switch how {
            case "unreachable":
                bench.unreachable(worker)
                bench.advance(.milliseconds(800))
            case "silence": bench.advance(.seconds(3))
            case "supervisor": bench.reportExit(of: "w", pid: pid)
            default: if pid == 3 { _ = bench.worker("w", pid: 4, incarnation: 4) }
            }
        }
        #expect(try bench.failures(peer).map(\.code) == [.poison])
        #expect(bench.logs.contains { $0.contains("poison: 3 workers") && $0.contains("'a'") })
        #expect(bench.isEmpty)
    }

    @Test(arguments: 1...4, [0, 1, 5])
    func `parts beside those that kill their worker are answered, whoever dies`(
        replicas: Int, killers: Int
    ) throws {
        let bench = BrokerHarness()
        let workers = (0..<replicas).map {
            Mortal("w\($0)", pid: UInt32($0 + 1), at: bench, slots: 8)
        }
        let peer = bench.client(window: 256)
        let texts = distinct("innocent", 40) + distinct("killer", killers)
        var random = SeededRandom(seed: 26)
        bench.submit(texts.shuffled(using: &random), from: peer)
        var rounds = 0
        while !bench.broker.items.isEmpty, rounds < 1_000 {
            rounds += 1
            for worker in workers {
                // The last word of a query is heard before its worker dies.
                let tasks = try bench.tasks(worker.peer)
                let deadly = tasks.firstIndex { "\($0.query)".contains("killer") }
                bench.reply(tasks[..<(deadly ?? tasks.count)].map(\.number), from: worker.peer)
                if deadly != nil { worker.die() }
            }
        }
        #expect(bench.isEmpty, "after \(rounds) rounds")
        #expect(bench.take(peer, .result).count == 40)
        #expect(try bench.failures(peer).map(\.code) == Array(repeating: .poison, count: killers))
        #expect(workers.reduce(0) { $0 + $1.deaths } <= 3 * killers)
    }

    @Test func `a part that has seen two workers die is alone at its worker`() throws {
        let bench = BrokerHarness()
        let peer = bench.client(window: 256)
        let worker = Mortal("w", pid: 1, at: bench)
        bench.submit(["a"], from: peer)
        worker.die()
        worker.die()
        let alone = try bench.tasks(worker.peer).map(\.number)
        #expect(alone.count == 1)
        bench.submit(distinct("b", 8), as: 2, from: peer)
        #expect(try bench.tasks(worker.peer).isEmpty)
        let other = bench.worker("other", pid: 90, incarnation: 90)
        #expect(try bench.tasks(other).count == 8)
        bench.reply(alone, from: worker.peer)
        bench.submit(["c"], as: 3, from: peer)
        #expect(try bench.tasks(worker.peer).count == 1)
    }

    @Test func `a worker is kept free for a part that must be alone there, and goes on after it`()
        throws
    {
        let bench = BrokerHarness { $0.configuration.hedging = false }
        let peer = bench.client(window: 256)
        let worker = Mortal("w", pid: 1, at: bench)
        bench.submit(["a"], from: peer)
        worker.die()
        #expect(try bench.tasks(worker.peer).count == 1)
        let other = bench.worker("other", pid: 90, incarnation: 90)
        bench.submit(distinct("b", 4), as: 2, from: peer)
        bench.reportExit(of: "w", pid: 101)
        let before = try bench.tasks(other).map(\.number)
        #expect(before.count == 4)
        bench.submit(["c"], as: 3, from: peer)
        bench.reply(Array(before.dropLast()), from: other)
        #expect(try bench.tasks(other).isEmpty)
        bench.reply([before[3]], from: other)
        let alone = try bench.tasks(other)
        #expect(alone.map { "\($0.query)".contains("a") } == [true])
        bench.reply(alone.map(\.number), from: other)
        bench.reply(try bench.tasks(other).map(\.number), from: other)
        #expect(bench.take(peer, .result).count == 6)
        #expect(bench.isEmpty)
    }

    @Test func `at most half of the replicas are kept for parts that must be alone`() throws {
        let bench = BrokerHarness()
        let peer = bench.client(window: 256)
        let worker = Mortal("w", pid: 1, at: bench, slots: 8)
        bench.submit(["a", "b", "c"], from: peer)
        worker.die()
        worker.die()
        #expect(parts(of: bench).allSatisfy { bench.broker.isAccused($0) })
        let others = (1...3).map {
            bench.worker("w\($0)", pid: 90 + $0, incarnation: 90 + UInt64($0))
        }
        #expect(bench.broker.workers.values.count { $0.keptFor != nil } == 2)
        bench.submit(["d", "e"], as: 2, from: peer)
        let counts = try others.map { try bench.tasks($0).count }
        #expect(
            counts.sorted() == [1, 1, 1], "a part alone at one, and others' work at the two left")
    }

    @Test func `a worker that is no longer kept for an ended item has others`() throws {
        let bench = BrokerHarness { $0.configuration.hedging = false }
        let peer = bench.client(window: 256)
        let worker = Mortal("w", pid: 1, at: bench)
        bench.submit(["a"], from: peer)
        worker.die()
        let other = bench.worker("other", pid: 90, incarnation: 90)
        bench.submit(["b"], as: 2, from: peer)
        bench.reportExit(of: "w", pid: 101)
        bench.submit(["c"], as: 3, from: peer)
        #expect(try bench.tasks(other).count == 1, "kept for a")
        bench.cancel(1, from: peer)
        #expect(try bench.tasks(other).count == 1)
    }

    @Test func `a process that says HELLO again has not died of its tasks`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        var worker = bench.worker("w", pid: 1, incarnation: 1)
        bench.submit(["a"], from: peer)
        for _ in 0..<5 {
            #expect(try bench.tasks(worker).count == 1)
            worker = bench.worker("w", pid: 1, incarnation: 1)
            #expect(parts(of: bench).map(\.accusations) == [0])
        }
        bench.reply(try bench.tasks(worker).map(\.number), from: worker)
        #expect(try bench.done(peer).map(\.completed) == [1])
        #expect(bench.isEmpty)
    }

    @Test(arguments: [false, true])
    func `a lost connection is a death only if the process has ended`(hasEnded: Bool) throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        let worker = bench.worker("w", pid: 1, incarnation: 1)
        let other = bench.worker("other", pid: 2, incarnation: 2)
        bench.submit(["a", "b"], from: peer)
        #expect(try bench.tasks(worker).count == 1 && bench.tasks(other).count == 1)
        bench.advance(.milliseconds(50))
        bench.unreachable(worker)
        #expect(try bench.tasks(other).count == 1, "it is sent elsewhere at once")
        #expect(parts(of: bench).map(\.openCases).sorted() == [0, 1])
        _ = bench.worker("w", pid: hasEnded ? 3 : 1, incarnation: hasEnded ? 3 : 1)
        #expect(parts(of: bench).map(\.openCases) == [0, 0])
        #expect(parts(of: bench).map(\.workerDeaths).sorted() == [0, hasEnded ? 1 : 0])
    }

    @Test func `what was sent to a connection that was gone already has killed nobody`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        let worker = bench.worker("w", pid: 1)
        bench.submit(["a"], from: peer)
        #expect(try bench.tasks(worker).count == 1)
        bench.unreachable(worker)
        #expect(parts(of: bench).map(\.accusations) == [0])
    }

    @Test func `a part alone at a worker is held until it is known what became of the worker`()
        throws
    {
        let bench = BrokerHarness()
        let peer = bench.client()
        let mortal = Mortal("w", pid: 1, at: bench)
        let other = bench.worker("other", pid: 90, incarnation: 90)
        bench.submit(["a"], from: peer) {
            $0.documents = .none
            $0.loadBalancing = .roundRobin
        }
        mortal.die()
        _ = try bench.tasks(other)
        bench.reportExit(of: "other", pid: 90)
        let spare = bench.worker("spare", pid: 91, incarnation: 91)
        let alone = try bench.tasks(mortal.peer)
        #expect(alone.count == 1)
        bench.advance(.milliseconds(50))
        bench.unreachable(mortal.peer)
        bench.advance(.milliseconds(600))
        #expect(try bench.tasks(spare).isEmpty, "the spare worker might die of it too")
        bench.tell(.goodbye, from: mortal.peer)
        bench.reply(try bench.tasks(spare).map(\.number), from: spare)
        #expect(try bench.done(peer).map(\.completed) == [1])
        #expect(bench.isEmpty)
    }

    @Test func `a query that is poison is refused at once for ten minutes, others are not`() throws
    {
        let bench = BrokerHarness()
        let peer = bench.client()
        let worker = try condemn(at: bench, for: peer)
        #expect(try bench.failures(peer).map(\.code) == [.poison])
        bench.submit(["a", "b", "a"], as: 2, from: bench.client("other", session: 8))
        let other = try bench.tasks(worker.peer).map(\.number)
        #expect(other.count == 1)
        bench.reply(other, from: worker.peer)
        bench.submit(["a"], as: 3, from: peer, json: true)
        #expect(try bench.failures(peer).map(\.code) == [.poison], "in whatever form it comes")
        #expect(bench.broker.counters.queriesPoisoned == 1)
        #expect(bench.broker.counters.poisonRefused == 3)
        bench.pause(.seconds(600))
        bench.endTurn()
        bench.submit(["a"], as: 4, from: peer)
        #expect(try bench.tasks(worker.peer).count == 1)
    }

    @Test func `the same query of others that wait or are searched is refused with it`() throws {
        let bench = BrokerHarness()
        let (peer, other) = (bench.client(), bench.client("other", session: 8))
        let worker = Mortal("w", pid: 1, at: bench)
        bench.submit(["a"], from: peer)
        worker.die()
        worker.die()
        bench.submit(["a", "b"], from: other)
        worker.die()
        #expect(try bench.failures(peer).map(\.code) == [.poison])
        #expect(try bench.failures(other).map(\.code) == [.poison])
        bench.reply(try bench.tasks(worker.peer).map(\.number), from: worker.peer)
        #expect(bench.take(other, .result).count == 1)
        #expect(bench.isEmpty)
    }

    @Test func `an answer that may lack shards lacks all that the poison query has not answered`()
        throws
    {
        let bench = BrokerHarness()
        let peer = bench.client()
        var worker = bench.worker("w", of: 3, shards: [0, 1], pid: 1, slots: 4, incarnation: 1)
        let sound = bench.worker("sound", of: 3, shards: [2], pid: 90, incarnation: 90)
        bench.submit(["a"], from: peer) {
            $0.documents = .none
            $0.allowPartial = true
        }
        bench.reply(try bench.tasks(sound).map(\.number), from: sound) { $0.coveredDocuments = 5 }
        for pid in UInt32(1)...3 {
            #expect(try bench.tasks(worker).count == (pid < 3 ? 2 : 1))
            bench.reportExit(of: "w", pid: pid)
            worker = bench.worker(
                "w", of: 3, shards: [0, 1], pid: pid + 1, slots: 4, incarnation: UInt64(pid) + 1)
        }
        let message = try #require(bench.take(peer, .result).first)
        let meta: WireResultMeta = try message.meta()
        #expect(meta.coverage.reports.map(\.cause) == [.poison, .poison, .unspecified])
        #expect(bench.isEmpty)
    }

    @Test func `a part that has seen a worker die is not given to a second one for being late`()
        throws
    {
        let bench = BrokerHarness()
        let peer = bench.client()
        let worker = Mortal("w", pid: 1, at: bench)
        bench.submit(["a"], from: peer)
        worker.die()
        let other = bench.worker("other", pid: 90, incarnation: 90)
        #expect(try bench.tasks(worker.peer).count == 1)
        bench.advance(.seconds(2))
        #expect(try bench.tasks(other).isEmpty)
    }
}
