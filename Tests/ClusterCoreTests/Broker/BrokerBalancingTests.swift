import Testing
import WireProtocol

@testable import ClusterCore

/// Which worker a broker gives its tasks, by strategy, weight, zone and what operators say.
struct BrokerBalancingTests {
    /// How many of `count` queries each of two replicas gets, none answered before the last is sent.
    private func shares(
        of count: Int, at bench: BrokerHarness, _ workers: [PeerID],
        _ change: (inout WireSubmit) -> Void = { _ in }
    ) throws -> [Int] {
        let peer = bench.client("c\(count)", session: 7)
        bench.submit(distinct("a", count), from: peer) {
            $0.documents = .none
            change(&$0)
        }
        return try workers.map { worker in
            let tasks = try bench.tasks(worker).map(\.number)
            bench.reply(tasks, from: worker)
            return tasks.count
        }
    }

    @Test func `the strategy of a Submit comes before the broker's`() throws {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .roundRobin }
        let workers = [bench.worker("one", weight: 3), bench.worker("two", weight: 1)]
        #expect(try shares(of: 8, at: bench, workers) == [4, 4])
        #expect(
            try shares(of: 8, at: bench, workers) { $0.loadBalancing = .weightedRoundRobin }
                == [6, 2])
    }

    @Test func `a weight is the number of threads unless the worker says otherwise`() throws {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .weightedRoundRobin }
        let workers = [bench.worker("one", slots: 3), bench.worker("two", slots: 9, weight: 1)]
        #expect(try shares(of: 8, at: bench, workers) == [6, 2])
        #expect(bench.status.workers.map(\.weight) == [3, 1])
    }

    @Test func `a replica of another zone gets what near ones have no room for`() throws {
        let bench = BrokerHarness { $0.zone = "a" }
        let near = bench.worker("near", window: 3, zone: "a")
        let far = bench.worker("far", zone: "b")
        let peer = bench.client()
        bench.submit(["1", "2", "3", "4", "5"], from: peer)
        #expect(try bench.tasks(near).count == 3)
        #expect(try bench.tasks(far).count == 2)
        #expect(bench.status.broker.zone == "a")
    }

    @Test func `tasks of other brokers count as load`() throws {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .leastConnections }
        let workers = [bench.worker("one"), bench.worker("two")]
        var ping = WirePing()
        ping.running = 1
        ping.queued = 4
        bench.deliver(Header(.ping, epoch: BrokerHarness.epoch), ping, from: workers[0])
        #expect(try shares(of: 5, at: bench, workers) == [0, 5])
    }

    @Test
    func `a replica that answers BUSY or wrongly gets less, one told of a bad query does not`()
        throws
    {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .healthBased }
        let workers = [bench.worker("one"), bench.worker("two")]
        let peer = bench.client()
        bench.submit(["a", "b"], from: peer)
        for worker in workers {
            let task = try #require(try bench.tasks(worker).first)
            bench.fail(task.number, worker == workers[0] ? .internal : .tooLarge, from: worker)
        }
        let success = bench.broker.map[ShardRef(index: IndexHandle(position: 0), shard: 0)]
            .replicas.replicas.map(\.success)
        #expect(success == [0, 1])
    }

    @Test func `an unknown strategy is refused for its items`() throws {
        let bench = BrokerHarness()
        _ = bench.worker("one")
        let peer = bench.client()
        bench.submit(["a"], from: peer) { $0.loadBalancing = .UNRECOGNIZED(9) }
        let failure = try #require(try bench.failures(peer).first)
        #expect(failure.code == .badRequest)
        #expect(failure.message.contains("load_balancing 9"))
    }

    @Test(arguments: [-1, 0.0001, 1e7, .infinity])
    func `a weight out of range is refused`(_ weight: Double) throws {
        let bench = BrokerHarness()
        let worker = bench.worker("one", weight: weight)
        let failure = try #require(try bench.failures(worker).first)
        #expect(failure.code == .badRequest)
        #expect(failure.message.contains("weight"))
    }
}
