import Testing
import WireProtocol

@testable import ClusterCore

/// Joining, losing, suspecting and draining workers; which replica gets what.
struct BrokerWorkerTests {
    @Test func `another build is refused with both named, and taken once the old one is gone`()
        throws
    {
        let bench = BrokerHarness()
        let old = bench.worker("old", build: "b1")
        let new = bench.worker("new", build: "b2")
        let failure = try #require(try bench.failures(new).first)
        #expect(failure.message.contains("b1") && failure.message.contains("b2"))
        bench.tell(.goodbye, from: old)
        let again = bench.worker("new", build: "b2")
        #expect(bench.take(again).map(\.header.command) == [.welcome])
    }

    @Test func `a worker that left before it was welcomed is no replica`() {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        bench.deliver(WireMessage(Header(.ping)).encoded(), from: worker)
        #expect(bench.take(worker).map(\.header.command) == [.welcome, .unknownPeer])
        bench.deliver(WireMessage(Header(.goodbye)).encoded(), from: worker)
        #expect(bench.take(worker).isEmpty)
        #expect(bench.status.workers.map(\.state) == [.stopping])
        #expect(bench.broker.workers.isEmpty)
    }

    @Test func `nothing keeps the session of a worker that left with fetches waiting`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w", of: 2, shards: [0, 1])
        bench.submit(["a"], from: bench.client()) { $0.documents = .source }
        var reply = WireReplyMeta()
        var hits: Frame = []
        PackedHits.append(
            PackedHit(sortKey: 1, orderKey: 0, idOffset: 0, idLength: 1), to: &hits)
        reply.tasks = try bench.tasks(worker).map { task in
            var result = WireTaskResult()
            result.task = task.number
            result.hits = task.task.shard == 0 ? 1 : 0
            return result
        }
        weak let session = bench.broker.workers.values.first
        // In one turn, so that the fetch is still waiting for it to end.
        let header = Header(.reply, epoch: BrokerHarness.epoch)
        let message = WireMessage(header, frames: [header.codec.encodeOwn(reply), hits, [0x61]])
        bench.broker.receive(message.encoded(), from: worker, at: bench.now)
        #expect(session?.waitingFetches.count == 1)
        bench.tell(.goodbye, from: worker)
        #expect(session == nil)
    }

    @Test func `a worker that names an index without shards does not hold its build`() throws {
        let bench = BrokerHarness()
        let old = bench.worker("old", of: 1, shards: [], build: "b1")
        bench.tell(.goodbye, from: old)
        let new = bench.worker("new", build: "b2")
        #expect(bench.take(new).map(\.header.command) == [.welcome])
    }

    @Test func `the limit of indexes holds within one HELLO`() throws {
        let bench = BrokerHarness { $0.maxIndexes = 3 }
        let many = (0..<4).map { BrokerHarness.index("i\($0)", of: 1, shards: [0]) }
        let peer = bench.worker("w", many)
        #expect(try bench.failures(peer).map(\.code) == [.busy])
        #expect(bench.broker.map.indexes.isEmpty)
    }

    @Test func `refused names do not pile up`() {
        let bench = BrokerHarness { $0.maxSessions = 10 }
        _ = bench.worker("good", build: "b1")
        for number in 0..<50 { _ = bench.worker("bad\(number)", build: "b2") }
        let names = bench.status.workers.map(\.name)
        #expect(names.count <= 10)
        #expect(names.contains("good"))
    }

    @Test func `clients do not take the places of workers`() {
        let bench = BrokerHarness { $0.maxSessions = 2 }
        _ = bench.client("a")
        _ = bench.client("b", session: 8)
        let worker = bench.worker("w")
        #expect(bench.take(worker).map(\.header.command) == [.welcome])
    }

    @Test func `a process that a later one of its name replaced is refused while that one lives`() {
        let bench = BrokerHarness()
        _ = bench.worker("one", incarnation: 1)
        let second = bench.worker("one", incarnation: 2)
        let refused = bench.worker("one", incarnation: 1)
        #expect(bench.take(refused).map(\.header.command) == [.failed])
        let anew = bench.worker("one", incarnation: 2)
        #expect(bench.take(anew).map(\.header.command) == [.welcome])
        #expect(bench.take(second).last?.header.command != .failed)
        #expect(bench.status.workers.map(\.timesLost) == [2])
        let still = bench.worker("one", incarnation: 1)
        #expect(bench.take(still).map(\.header.command) == [.failed])
        bench.tell(.goodbye, from: anew)
        let back = bench.worker("one", incarnation: 1)
        #expect(bench.take(back).map(\.header.command) == [.welcome])
    }

    @Test(arguments: ["unreachable", "silence", "goodbye", "replaced", "supervisor"])
    func `the tasks of a lost worker go to another replica`(how: String) throws {
        let bench = BrokerHarness { $0.configuration.hedging = false }
        let one = bench.worker("one", pid: 41)
        let peer = bench.client()
        bench.submit(["a", "b"], from: peer)
        let lost = try bench.tasks(one).map(\.number)
        #expect(lost.count == 2)
        let two = bench.worker("two")
        switch how {
        case "unreachable": bench.unreachable(one)
        case "silence":
            bench.alive.removeAll { $0 == one }
            bench.advance(.seconds(3))
        case "goodbye": bench.tell(.goodbye, from: one)
        case "replaced": _ = bench.worker("one", of: 1, shards: [])
        default: bench.reportExit(of: "one", pid: 41)
        }
        let again = try bench.tasks(two).map(\.number)
        #expect(again.count == 2)
        #expect(Set(again).isDisjoint(with: lost))
        bench.reply(lost, from: one)
        #expect(
            bench.take(peer, .result).isEmpty, "an answer of an ended session counts for nothing")
        bench.reply(again, from: two)
        #expect(bench.take(peer, .result).count == 2)
        let done = try #require(try bench.done(peer).first)
        #expect(done.completed == 2 && done.resent == 2)
        #expect(bench.isEmpty)
    }

    @Test
    func `a worker that ended as asked is waited for, since its last words may be on their way`()
        throws
    {
        let bench = BrokerHarness()
        let peer = bench.client()
        let worker = bench.worker("w", pid: 41)
        bench.submit(["a"], from: peer)
        let tasks = try bench.tasks(worker).map(\.number)
        #expect(tasks.count == 1)
        bench.reportExit(of: "w", pid: 41, as: .childStopped, isOrderly: true)
        bench.reply(tasks, from: worker)
        #expect(try bench.done(peer).map(\.completed) == [1])
        bench.tell(.goodbye, from: worker)
        #expect(bench.broker.workers.isEmpty)
        #expect(bench.status.broker.workersLost == 0)
    }

    @Test(arguments: [false, true])
    func `a worker that was to stop and was killed is lost at once`(isRemoved: Bool) throws {
        let bench = BrokerHarness()
        _ = bench.worker("w", pid: 41)
        bench.reportExit(of: "w", pid: 41, as: .childStopped, isRemoved: isRemoved)
        #expect(bench.broker.workers.isEmpty)
        #expect(bench.status.broker.workersLost == 1)
    }

    @Test func `a supervisor is told, and given, 10 s of silence`() throws {
        let bench = BrokerHarness()
        let peer = bench.newPeer(.worker)
        var hello = WireHello()
        hello.role = .supervisor
        bench.deliver(Header(.hello), hello, from: peer)
        let welcome: WireWelcome = try #require(bench.take(peer).first).meta()
        #expect(welcome.expiryMs == 10_000)
        bench.advance(.milliseconds(9_900))
        #expect(bench.broker.supervisors.count == 1)
        bench.advance(.milliseconds(150))
        #expect(bench.broker.supervisors.isEmpty)
    }

    @Test func `a worker found unreachable before its goodbye is read has left and is not lost`()
        throws
    {
        let bench = BrokerHarness()
        let (peer, worker) = (bench.client(), bench.worker("one"))
        bench.submit(["a"], from: peer)
        #expect(try bench.tasks(worker).count == 1)
        bench.advance(.milliseconds(500))
        bench.unreachable(worker)
        bench.advance(.milliseconds(700))
        bench.ping(worker)
        let waiting = try #require(bench.status.workers.first)
        #expect(waiting.state == .suspected, "a message sent before does not end the suspicion")
        bench.unreachable(worker)
        bench.tell(.drain, from: worker)
        bench.tell(.goodbye, from: worker)
        let left = try #require(bench.status.workers.first)
        #expect(left.state == .stopping && left.timesLost == 0)
        let next = bench.worker("two")
        let again = try bench.tasks(next).map(\.number)
        #expect(again.count == 1)
        bench.reply(again, from: next)
        #expect(try bench.done(peer).map(\.completed) == [1])
        #expect(bench.isEmpty)
    }

    @Test func `an unreachable worker that says no goodbye is lost soon, whatever else it says`()
        throws
    {
        let bench = BrokerHarness()
        let worker = bench.worker("one")
        bench.unreachable(worker)
        bench.advance(.milliseconds(700))
        bench.ping(worker)
        #expect(bench.status.workers.map(\.state) == [.suspected])
        bench.advance(.milliseconds(100))
        #expect(bench.status.workers.map(\.state) == [.lost])
        bench.ping(worker)
        bench.endTurn()
        #expect(bench.take(worker).last?.header.command == .unknownPeer, "it may join again")
        #expect(bench.status.workers.map(\.timesLost) == [1])
    }

    @Test func `a suspected worker's task is tried elsewhere, and the first answer wins`() throws {
        let bench = BrokerHarness { $0.configuration.hedging = false }
        let one = bench.worker("one")
        let peer = bench.client()
        bench.submit(["a"], from: peer)
        let first = try bench.tasks(one).map(\.number)
        let two = bench.worker("two")
        bench.alive.removeAll { $0 == one }
        bench.advance(.milliseconds(700))
        #expect(try bench.tasks(two).isEmpty)
        bench.advance(.milliseconds(50))
        let second = try bench.tasks(two).map(\.number)
        #expect(second.count == 1)
        bench.reply(first, [TestHit(id: "x", key: 1)], from: one)
        #expect(bench.take(peer, .result).count == 1)
        #expect(try bench.cancelled(two) == second)
        bench.reply(second, [TestHit(id: "x", key: 1)], from: two)
        #expect(bench.take(peer, .result).isEmpty)
        #expect(bench.isEmpty)
    }

    @Test func `a worker heard from again keeps its task, and others are not held up by it`() throws
    {
        let bench = BrokerHarness()
        let only = bench.worker("only")
        let peer = bench.client()
        bench.submit(["a"], from: peer)
        let first = try bench.tasks(only).map(\.number)
        bench.alive.removeAll { $0 == only }
        bench.advance(.milliseconds(800))
        bench.submit(["b"], as: 2, from: peer)
        bench.alive.append(only)
        bench.advance(.milliseconds(50))
        let next = try bench.tasks(only)
        #expect(next.count == 1, "the later item is not stuck behind the one that was under way")
        bench.reply(first + next.map(\.number), from: only)
        #expect(try bench.done(peer).map(\.resent) == [0, 0])
        #expect(bench.isEmpty)
    }

    @Test func `a task whose only other copy is at a suspected worker is sent a third time`() throws
    {
        let bench = BrokerHarness()
        let one = bench.worker("one")
        let peer = bench.client()
        bench.submit(["a"], from: peer)
        bench.alive.removeAll { $0 == one }
        let two = bench.worker("two")
        bench.advance(.milliseconds(800))
        #expect(try bench.tasks(two).count == 1)
        let three = bench.worker("three")
        bench.unreachable(two)
        let third = try bench.tasks(three).map(\.number)
        #expect(third.count == 1)
        bench.reply(third, from: three)
        #expect(try bench.done(peer).map(\.completed) == [1])
    }

    @Test func `BUSY is tried again, within a limit`() throws {
        let bench = BrokerHarness { $0.configuration.maxRetries = 4 }
        let worker = bench.worker("w")
        let peer = bench.client()
        bench.submit(["a"], from: peer)
        for _ in 0..<5 {
            let task = try #require(try bench.tasks(worker).first)
            bench.fail(task.number, .busy, from: worker)
            bench.advance(.milliseconds(50))
        }
        #expect(try bench.tasks(worker).isEmpty)
        #expect(try bench.failures(peer).map(\.code) == [.busy])
        #expect(bench.isEmpty)
    }

    @Test func `a draining worker gets no new tasks and answers the ones it has`() throws {
        let bench = BrokerHarness()
        let one = bench.worker("one")
        let peer = bench.client()
        bench.submit(["a"], from: peer)
        let old = try bench.tasks(one).map(\.number)
        bench.tell(.drain, from: one)
        let two = bench.worker("two")
        bench.submit(["b"], as: 2, from: peer)
        #expect(try bench.tasks(one).isEmpty)
        bench.reply(try bench.tasks(two).map(\.number), from: two)
        bench.reply(old, from: one)
        #expect(try bench.done(peer).map(\.resent) == [0, 0])
    }

    @Test func `equally loaded replicas take turns, a loaded one comes last`() throws {
        let bench = BrokerHarness()
        let workers = ["one", "two", "three"].map { bench.worker($0) }
        let peer = bench.client()
        bench.submit(["a", "b", "c"], from: peer)
        var held: [PeerID: [UInt64]] = [:]
        for worker in workers { held[worker] = try bench.tasks(worker).map(\.number) }
        #expect(held.values.allSatisfy { $0.count == 1 })
        bench.reply(held[workers[1]] ?? [], from: workers[1])
        bench.submit(["d"], as: 2, from: peer)
        #expect(try bench.tasks(workers[1]).count == 1)
    }

    @Test func `a worker never has more tasks than its window`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w", window: 3)
        let peer = bench.client()
        bench.submit((0..<10).map { "q\($0)" }, from: peer)
        var tasks = try bench.tasks(worker).map(\.number)
        #expect(tasks.count == 3)
        bench.cancel(1, item: 0, from: peer)
        #expect(try bench.tasks(worker).isEmpty, "a cancelled task keeps its place")
        bench.reply(tasks, from: worker)
        tasks = try bench.tasks(worker).map(\.number)
        #expect(tasks.count == 3)
    }

    @Test func `a pause of the broker loses nobody`() {
        let bench = BrokerHarness()
        _ = bench.worker("w")
        _ = bench.client()
        bench.pause(.seconds(15))
        bench.endTurn()
        #expect(bench.broker.workers.values.allSatisfy { !$0.standing.isSuspected })
        #expect(bench.broker.workers.count == 1 && bench.broker.clients.count == 1)
        #expect(bench.broker.workers.values.allSatisfy { $0.lastHeard <= bench.now })
    }
}
