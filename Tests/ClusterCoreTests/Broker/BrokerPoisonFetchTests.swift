import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// Documents whose fetch ends the workers that are asked for them.
struct BrokerPoisonFetchTests {
    /// A broker with one worker of two shards, and a query whose documents have cost two workers.
    private struct Fatal {
        let bench = BrokerHarness()
        let peer: PeerID
        private(set) var worker: PeerID
        private var pid: UInt32 = 1

        init() throws {
            peer = bench.client(window: 256)
            worker = bench.worker("w", of: 2, shards: [0, 1], pid: 1, incarnation: 1)
            bench.submit(["a"], from: peer) { $0.documents = .source }
            for _ in 0..<2 {
                try answer()
                #expect(try bench.fetches(worker).count == 2)
                die()
            }
        }

        /// Answers all searches of the worker.
        func answer() throws {
            for task in try bench.tasks(worker) {
                bench.reply([task.number], [TestHit(id: "x", key: 1)], from: worker)
            }
        }

        mutating func die() {
            bench.reportExit(of: "w", pid: pid)
            pid += 1
            worker = bench.worker(
                "w", of: 2, shards: [0, 1], pid: pid, slots: 8, incarnation: UInt64(pid))
        }
    }

    @Test func `documents that killed three workers, the last with nothing else, are POISON`()
        throws
    {
        var fatal = try Fatal()
        let bench = fatal.bench
        var fetches: [WireFetchTask] = []
        while fetches.isEmpty, !bench.broker.accused.isEmpty || !bench.broker.tasks.isEmpty {
            try fatal.answer()
            fetches = try bench.fetches(fatal.worker)
        }
        #expect(fetches.count == 1)
        bench.submit(["b"], as: 2, from: fatal.peer)
        #expect(try bench.tasks(fatal.worker).isEmpty, "nothing else is sent meanwhile")
        fatal.die()
        #expect(try bench.failures(fatal.peer).map(\.code) == [.poison])
        bench.submit(["a"], as: 3, from: fatal.peer) { $0.documents = .source }
        #expect(try bench.failures(fatal.peer).map(\.code) == [.poison])
        bench.submit(["a"], as: 4, from: fatal.peer)
        #expect(try bench.tasks(fatal.worker).count == 4, "its hits alone have killed nobody")
    }

    @Test func `documents that come after all are fetched one shard after the other`() throws {
        let fatal = try Fatal()
        let bench = fatal.bench
        var fetched = 0
        while !bench.broker.items.isEmpty, fetched < 5 {
            try fatal.answer()
            let fetches = try bench.fetches(fatal.worker)
            #expect(fetches.count <= 1)
            for fetch in fetches {
                fetched += 1
                bench.fetched(fetch.task, ["{}"], from: fatal.worker)
            }
        }
        #expect(fetched == 2)
        #expect(try bench.done(fatal.peer).map(\.completed) == [1])
        #expect(bench.isEmpty)
    }
}
