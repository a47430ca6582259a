import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// Indexes whose last node an operator has removed.
struct BrokerForgettingTests {
    private let bench: BrokerHarness
    private let client: PeerID

    /// A broker that no longer waits for supervisors.
    init() {
        bench = BrokerHarness { $0.maxIndexes = 2 }
        bench.advance(.seconds(2))
        client = bench.client(window: 256)
    }

    private func remove(_ node: String, leaving worker: PeerID? = nil) {
        var admin = WireAdmin()
        admin.remove.name = node
        bench.deliver(Header(.admin, id: 11, epoch: 7), admin, from: client)
        #expect(bench.take(client, .adminReply).count == 1)
        guard let worker else { return }
        #expect(bench.take(worker, .drain).count == 1)
        bench.alive.removeAll { $0 == worker }
        bench.tell(.goodbye, from: worker)
    }

    /// Searches some indexes, or all; the workers' answers follow.
    private func search(_ indexes: [String] = [], as request: UInt64) {
        bench.submit(["a"], as: request, from: client) {
            $0.documents = .none
            $0.indexes = indexes
        }
    }

    @Test func `an index is forgotten with its last node, and a search of all asks the others`()
        throws
    {
        let gone = bench.worker("gone", index: "gone")
        let stays = bench.worker("stays", index: "stays")
        remove("gone", leaving: gone)
        #expect(bench.status.indexes.map(\.name) == ["stays"])
        search(as: 1)
        bench.reply(try bench.tasks(stays).map(\.number), from: stays)
        #expect(try bench.done(client).map(\.completed) == [1])
        search(["gone"], as: 2)
        bench.advance(.seconds(2))
        #expect(try bench.failures(client).map(\.code) == [.notFound])
        #expect(bench.isEmpty)
    }

    @Test func `without any index left a search by name finds none and one of all has no workers`()
        throws
    {
        remove("w", leaving: bench.worker("w"))
        search(["i"], as: 1)
        search(as: 2)
        bench.advance(.seconds(2))
        #expect(try bench.failures(client).map(\.code) == [.notFound, .noWorkers])
        let again = bench.worker("w")
        search(["i"], as: 3)
        #expect(try bench.tasks(again).count == 1)
    }

    @Test func `an index stays known while another node has served it, though it was lost`() throws
    {
        let (one, two) = (bench.worker("one"), bench.worker("two"))
        bench.unreachable(two)
        bench.advance(.seconds(1))
        remove("one", leaving: one)
        #expect(bench.status.indexes.map(\.name) == ["i"])
        search(as: 1)
        bench.advance(.seconds(2))
        #expect(try bench.failures(client).map(\.code) == [.noWorkers])
        remove("two")
        #expect(bench.status.indexes.isEmpty)
    }

    @Test(arguments: [false, true])
    func `a node whose supervisor was told by another broker to remove it is forgotten`(
        isFirst: Bool
    ) {
        let worker = bench.worker("w", pid: 41)
        // Its GOODBYE may come after its supervisor's report.
        if isFirst { bench.tell(.goodbye, from: worker) }
        bench.reportExit(of: "w", pid: 41, isOrderly: true, isRemoved: true)
        if !isFirst { bench.tell(.goodbye, from: worker) }
        #expect(bench.status.workers.isEmpty && bench.status.indexes.isEmpty)
        _ = bench.worker("w", pid: 42)
        bench.reportExit(of: "w", pid: 41, isOrderly: true, isRemoved: true)
        #expect(bench.status.workers.map(\.name) == ["w"])
    }

    @Test func `a node that was lost or has left takes no index with it`() {
        bench.tell(.goodbye, from: bench.worker("left"))
        let lost = bench.worker("lost", index: "j")
        bench.unreachable(lost)
        bench.advance(.seconds(1))
        #expect(bench.status.indexes.map(\.name) == ["i", "j"])
    }

    @Test func `searches under way end, and the place of the index is free for another`() throws {
        let gone = bench.worker("gone", of: 2, shards: [0, 1])
        let stays = bench.worker("stays", index: "stays")
        search(as: 1)
        #expect(try bench.tasks(gone).count == 2)
        bench.reply(try bench.tasks(stays).map(\.number), from: stays)
        remove("gone", leaving: gone)
        #expect(try bench.failures(client).map(\.code) == [.workerLost])
        #expect(try bench.done(client).map(\.failed) == [1])
        #expect(bench.isEmpty)
        for number in 0..<5 {
            let worker = bench.worker("w\(number)", index: "i\(number)")
            search(["i\(number)"], as: UInt64(number) + 2)
            bench.reply(
                try bench.tasks(worker).map(\.number), [TestHit(id: "x", key: 1)], from: worker)
            #expect(try bench.done(client).map(\.completed) == [1])
            remove("w\(number)", leaving: worker)
        }
        #expect(bench.status.indexes.map(\.name) == ["stays"])
    }
}
