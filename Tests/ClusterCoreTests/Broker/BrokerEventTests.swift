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

    @Test func `who has subscribed hears the number of the last event, once a turn`() throws {
        _ = harness.worker("w")
        _ = try harness.takeEvents()
        for _ in 0..<3 { harness.broker.subscribed() }
        harness.endTurn()
        let events = try harness.takeEvents()
        #expect(events.map(\.topic) == ["e.SUBSCRIBED"])
        #expect(events.first?.event.sequence == 1)
        #expect(events.first?.event.epoch == BrokerHarness.epoch)
        _ = harness.worker("v")
        #expect(try harness.takeEvents().map(\.event.sequence) == [2])
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

    @Test func `what workers say of themselves is told of when it changes`() throws {
        _ = harness.worker("w")
        _ = try kinds()
        let grades: [WireHealthGrade] = [.healthy, .degraded, .degraded, .unhealthy, .healthy]
        for (sequence, grade) in grades.enumerated() {
            var health = WireHealth()
            health.name = "w"
            health.grade = grade
            health.reasons = ["slow"]
            health.sequence = UInt64(sequence + 1)
            let header = Header(.health)
            let message = WireMessage(header, frames: [header.codec.encodeOwn(health)])
            harness.broker.receiveHealth([[]] + message.encoded(), at: harness.now)
            harness.endTurn()
        }
        let events = try harness.takeEvents().map(\.event)
        #expect(events.map(\.kind) == [.nodeHealth, .nodeHealth, .nodeHealth])
        #expect(events.allSatisfy { $0.node == "w" })
        #expect(events.first?.text == "worker 'w' is degraded: slow")
    }

    @Test func `a breaker that opens and closes is told of`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(distinct("a", 10), from: client)
        _ = try kinds()
        for task in try harness.tasks(worker) { harness.fail(task.number, .internal, from: worker) }
        #expect(try kinds() == [.breakerOpened])
        for request in 2...3 as ClosedRange<UInt64> {
            harness.advance(.seconds(1))
            harness.submit(["b"], as: request, from: client)
            harness.reply(try harness.tasks(worker).map(\.number), from: worker)
        }
        #expect(try kinds() == [.breakerReclosed])
    }

    @Test func `a worker that is refused and another build of an index are told of`() throws {
        _ = harness.worker("w")
        _ = harness.worker("", window: 1)
        _ = harness.worker("v", build: "c")
        let events = try harness.takeEvents().map(\.event)
        #expect(events.map(\.kind) == [.nodeJoined, .nodeRefused, .nodeRefused])
        harness.tell(.goodbye, from: harness.alive[0])
        _ = harness.worker("v", build: "c")
        #expect(try kinds() == [.nodeLeft, .indexReplaced, .nodeJoined])
    }

    @Test func `children of a supervisor are told of when their state or process changes`() throws {
        let supervisor = harness.newPeer(.worker)
        var hello = WireHello()
        hello.role = .supervisor
        hello.name = "s"
        harness.deliver(Header(.hello), hello, from: supervisor)
        _ = try kinds()
        var report = WireSupervisorReport()
        report.host = "h"
        let states: [(WireChildState, UInt32)] = [
            (.childReady, 7), (.childReady, 7), (.childBackingOff, 0), (.childReady, 8),
        ]
        for (state, pid) in states {
            var child = WireChildReport()
            child.name = "w"
            child.state = state
            child.pid = pid
            report.children = [child]
            harness.deliver(
                Header(.event, epoch: BrokerHarness.epoch), report, from: supervisor)
        }
        let events = try harness.takeEvents().map(\.event)
        #expect(events.map(\.kind) == [.childChanged, .childChanged, .childChanged])
        #expect(
            events.map(\.text) == [
                "'w' on h: ready, process 7", "'w' on h: backing off, process 0",
                "'w' on h: ready, process 8",
            ])
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
