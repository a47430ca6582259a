import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// What observers are told.
struct BrokerEventTests {
    private let harness = BrokerHarness()

    private func kinds() throws -> [WireEventKind] { try harness.takeEvents().map(\.event.kind) }

    @Test func `workers that join, fall silent, come back and go are told of, numbered in order`()
        throws
    {
        let worker = harness.worker("w")
        harness.alive = []
        harness.advance(.seconds(1))
        harness.ping(worker)
        harness.endTurn()
        harness.tell(.drain, from: worker)
        harness.tell(.goodbye, from: worker)
        let lost = harness.worker("v")
        harness.unreachable(lost)
        harness.advance(.milliseconds(800))
        let events = try harness.takeEvents()
        #expect(
            events.map(\.event.kind) == [
                .nodeJoined, .nodeSuspected, .nodeHeardAgain, .nodeDraining, .nodeLeft, .nodeJoined,
                .nodeSuspected, .nodeLost,
            ])
        #expect(events.map(\.event.sequence) == Array(1...8))
        #expect(events.map(\.event.node) == ["w", "w", "w", "w", "w", "v", "v", "v"])
        #expect(events.last?.topic == "e.NODE_LOST")
        #expect(events.last?.event.broker == "b1")
        #expect(events.last?.event.epoch == BrokerHarness.epoch)
        #expect(events.last.map { harness.logs.contains($0.event.text) } == true)
        #expect(harness.status.broker.eventSequence == 8)
    }

    @Test func `what operators change is told of, what is refused is not`() throws {
        _ = harness.worker("w")
        let client = harness.client()
        _ = try kinds()
        var admin = WireAdmin()
        admin.configure.maxRetries = 3
        harness.deliver(Header(.admin, id: 1, epoch: 7), admin, from: client)
        admin.node.name = "w"
        admin.node.active = false
        harness.deliver(Header(.admin, id: 2, epoch: 7), admin, from: client)
        admin.configure.maxRetries = 1_000
        harness.deliver(Header(.admin, id: 3, epoch: 7), admin, from: client)
        #expect(try kinds() == [.configured, .nodeChanged])
    }

    @Test func `slow queries are told of with their stages, ten a second at most`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        var admin = WireAdmin()
        admin.configure.slowQueryMs = 300
        harness.deliver(Header(.admin, id: 1, epoch: 7), admin, from: client)
        _ = try kinds()
        harness.submit(distinct("slow", 14), as: 1, from: client)
        harness.advance(.milliseconds(400))
        harness.reply(try harness.tasks(worker).map(\.number), from: worker)
        let events = try harness.takeEvents()
        #expect(events.count == 10)
        let text = try #require(events.first?.event.text)
        #expect(text.contains("client 'c', completed after 400 ms: waited 0 ms, searched 400 ms"))
        #expect(text.hasSuffix("1 shards: 'slow0'"))
        harness.submit(["fast"], as: 2, from: client)
        harness.reply(try harness.tasks(worker).map(\.number), from: worker)
        #expect(try harness.takeEvents().isEmpty)
    }
}
