import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// What workers' reports of their own health change.
struct BrokerHealthTests {
    private let harness = BrokerHarness()

    /// Publishes a report of a worker.
    private func report(
        _ name: String, _ grade: WireHealthGrade, _ reason: String = "", sequence: UInt64,
        incarnation: UInt64 = 0
    ) {
        var health = WireHealth()
        health.name = name
        health.grade = grade
        health.reasons = reason.isEmpty ? [] : [reason]
        health.sequence = sequence
        health.incarnation = incarnation
        let header = Header(.health)
        let message = WireMessage(header, frames: [header.codec.encodeOwn(health)])
        harness.broker.receiveHealth(
            [Array("h.p.\(name)".utf8)] + message.encoded(), at: harness.now)
        harness.endTurn()
    }

    /// How many of some searches each worker gets, all answered.
    private func shares(
        of count: Int, _ client: PeerID, _ workers: [PeerID], as request: UInt64
    ) throws -> [Int] {
        harness.submit(distinct("a", count), as: request, from: client) {
            $0.loadBalancing = .roundRobin
            $0.documents = .none
        }
        return try workers.map { worker in
            let tasks = try harness.tasks(worker).map(\.number)
            harness.reply(tasks, from: worker)
            return tasks.count
        }
    }

    @Test func `unhealthy gets nothing, degraded comes last, and a later report ends it`() throws {
        let workers = ["one", "two"].map { harness.worker($0) }
        let client = harness.client()
        #expect(try shares(of: 4, client, workers, as: 1) == [2, 2])
        report("one", .unhealthy, "shard i/0: gone", sequence: 1)
        #expect(try shares(of: 4, client, workers, as: 2) == [0, 4])
        #expect(harness.logs.contains { $0.contains("'one' is unhealthy") && $0.contains("gone") })
        report("one", .degraded, sequence: 2)
        #expect(try shares(of: 4, client, workers, as: 3) == [0, 4])
        report("two", .unhealthy, sequence: 1)
        #expect(try shares(of: 4, client, workers, as: 4) == [4, 0])
        report("one", .healthy, sequence: 3)
        report("two", .healthy, sequence: 2)
        #expect(try shares(of: 4, client, workers, as: 5) == [2, 2])
        #expect(harness.status.workers.map(\.grade) == [.healthy, .healthy])
    }

    @Test func `a degraded worker is used when no other has room`() throws {
        let workers = [harness.worker("one", window: 1), harness.worker("two", window: 1)]
        let client = harness.client()
        report("two", .degraded, sequence: 1)
        #expect(try shares(of: 2, client, workers, as: 1) == [1, 1])
    }

    @Test func `old reports and those of an earlier process change nothing`() throws {
        let workers = ["one", "two"].map { harness.worker($0) }
        let client = harness.client()
        report("one", .healthy, sequence: 5)
        report("one", .unhealthy, sequence: 4)
        report("two", .unhealthy, sequence: 9, incarnation: 77)
        report("nobody", .unhealthy, sequence: 1)
        #expect(try shares(of: 4, client, workers, as: 1) == [2, 2])
    }

    @Test func `a shard whose only replica is unhealthy is not served, and the answer says why`()
        throws
    {
        _ = harness.worker("one")
        let client = harness.client()
        report("one", .unhealthy, "shard i/0: gone", sequence: 1)
        harness.submit(["a"], from: client)
        harness.advance(.seconds(2))
        let failure = try #require(try harness.failures(client).first)
        #expect(failure.code == .noWorkers)
        #expect(failure.message.contains("'one' is unhealthy"))
        report("one", .healthy, sequence: 2)
        harness.submit(["a"], as: 2, from: client)
        harness.advance(.milliseconds(2))
        #expect(harness.take(client, .accepted).count == 2)
        #expect(harness.status.indexes.first?.shards.first?.workers == ["one"])
    }

    @Test func `a healthy report does not undo an operator's inactive`() throws {
        let workers = ["one", "two"].map { harness.worker($0) }
        let client = harness.client()
        var admin = WireAdmin()
        admin.node.name = "one"
        admin.node.active = false
        harness.deliver(Header(.admin, id: 3, epoch: 7), admin, from: client)
        report("one", .unhealthy, sequence: 1)
        report("one", .healthy, sequence: 2)
        #expect(try shares(of: 4, client, workers, as: 1) == [0, 4])
    }

    @Test func `what a worker said counts no more when its reports have stopped`() throws {
        _ = harness.worker("one")
        report("one", .unhealthy, sequence: 1)
        #expect(harness.status.indexes.first?.shards.first?.workers == [])
        harness.advance(.seconds(11))
        #expect(harness.status.workers.map(\.grade) == [.unknown])
        #expect(harness.status.indexes.first?.shards.first?.workers == ["one"])
    }
}
