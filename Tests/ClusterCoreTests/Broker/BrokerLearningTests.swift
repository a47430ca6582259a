import Testing
import WireProtocol

@testable import ClusterCore

/// What answers teach of the replicas that gave them, and what they do not.
struct BrokerLearningTests {
    private static let shard = ShardRef(index: IndexHandle(position: 0), shard: 0)

    private func replica(_ name: String, of bench: BrokerHarness) -> ReplicaSet.Replica? {
        let key = bench.broker.workers.values.first { $0.name == name }?.key
        return bench.broker.map[Self.shard].replicas.replicas.first { $0.worker == key }
    }

    @Test func `explaining documents that do not exist opens no breaker`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client(window: 256)
        for number in 1...20 {
            var item = WireItem()
            item.text = "a"
            item.explain = "nowhere"
            let header = Header(.submit, id: UInt64(number), epoch: 7)
            bench.deliver(
                header, WireSubmit(), body: [header.codec.encodeOwn(item)], from: peer)
            for task in try bench.tasks(worker) {
                #expect(task.task.kind == .explain)
                bench.fail(task.number, .notFound, from: worker)
            }
        }
        #expect(try bench.failures(peer).map(\.code) == Array(repeating: .notFound, count: 20))
        #expect(bench.status.workers.map(\.breaker) == [.breakerClosed])
    }

    @Test func `answers that lack what was asked count as failures`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client(window: 256)
        for number in 1...5 {
            bench.submit(["a"], as: UInt64(number), from: peer)
            for task in try bench.tasks(worker) {
                var meta = WireReplyMeta()
                meta.tasks = [WireTaskResult()]
                meta.tasks[0].task = task.number
                meta.tasks[0].hits = 7
                bench.deliver(Header(.reply, epoch: BrokerHarness.epoch), meta, from: worker)
            }
        }
        #expect(bench.status.workers.map(\.breaker) == [.breakerOpen])
        #expect(replica("w", of: bench)?.success == 0)
    }

    @Test func `a second replica that was beaten has shown nothing`() throws {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .roundRobin }
        let one = bench.worker("one")
        let two = bench.worker("two")
        let peer = bench.client()
        bench.submit(["a"], from: peer)
        let task = try #require(try bench.tasks(one).first).number
        bench.advance(.milliseconds(250))
        #expect(try bench.tasks(two).count == 1)
        bench.reply([task], from: one)
        let now = bench.now
        #expect(replica("one", of: bench)?.latency.estimate(load: 0, at: now) == 0.25)
        #expect(replica("two", of: bench)?.latency.isKnown(at: now) == false)
    }

    @Test func `the first replica that was late and beaten took at least that long`() throws {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .roundRobin }
        let one = bench.worker("one")
        let two = bench.worker("two")
        let peer = bench.client()
        bench.submit(["a"], from: peer)
        _ = try bench.tasks(one)
        bench.advance(.milliseconds(250))
        bench.reply(try bench.tasks(two).map(\.number), from: two)
        let now = bench.now
        #expect(replica("one", of: bench)?.latency.estimate(load: 0, at: now) == 0.25)
        #expect(replica("one", of: bench)?.success == 1)
    }

    @Test func `a task that was given up with its item's budget took at least that long`() throws {
        let bench = BrokerHarness()
        _ = bench.worker("one")
        let peer = bench.client()
        bench.submit(["a"], from: peer, budget: 500)
        bench.advance(.milliseconds(500))
        #expect(try bench.failures(peer).map(\.code) == [.deadline])
        #expect(replica("one", of: bench)?.latency.estimate(load: 0, at: bench.now) == 0.5)
    }
}
