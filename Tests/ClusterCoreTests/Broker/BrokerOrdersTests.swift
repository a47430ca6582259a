import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// Orders of clients that supervisors carry out.
struct BrokerOrdersTests {
    private let harness = BrokerHarness()

    private func supervisor(_ host: String = "h", children: [String] = []) -> PeerID {
        let peer = supervisorWithoutReport(host)
        report(from: peer, host, children: children)
        return peer
    }

    private func supervisorWithoutReport(_ host: String = "h") -> PeerID {
        let peer = harness.newPeer(.worker)
        var hello = WireHello()
        hello.role = .supervisor
        hello.name = "s-\(host)"
        hello.host = host
        harness.deliver(Header(.hello), hello, from: peer)
        harness.alive.append(peer)
        _ = harness.take(peer)
        return peer
    }

    private func report(from peer: PeerID, _ host: String = "h", children: [String] = []) {
        var report = WireSupervisorReport()
        report.host = host
        report.children = children.map { name in
            var child = WireChildReport()
            child.name = name
            return child
        }
        harness.deliver(Header(.event, epoch: BrokerHarness.epoch), report, from: peer)
    }

    private func ask(_ client: PeerID, _ change: (inout WireAdmin) -> Void) {
        var admin = WireAdmin()
        change(&admin)
        _ = harness.take(client)
        harness.deliver(Header(.admin, id: 11, epoch: 7), admin, from: client)
    }

    /// The orders that a supervisor was sent, with the ids to answer.
    private func orders(_ supervisor: PeerID) throws -> [(id: UInt64, admin: WireAdmin)] {
        try harness.take(supervisor, .admin).map { ($0.header.id, try $0.meta()) }
    }

    private func answer(_ id: UInt64, _ problem: String? = nil, from supervisor: PeerID) {
        let epoch = BrokerHarness.epoch
        if let problem {
            harness.deliver(
                Header(.failed, id: id, epoch: epoch), WireFailed(.badRequest, problem),
                from: supervisor)
        } else {
            harness.deliver(
                Header(.adminReply, id: id, epoch: epoch), WireAdminReply(), from: supervisor)
        }
    }

    private func node(_ name: String, host: String = "") -> WireNewNode {
        var node = WireNewNode()
        node.name = name
        node.endpoint = "local://i"
        node.host = host
        return node
    }

    @Test func `added nodes go to the supervisor, and the client hears when all are answered`()
        throws
    {
        let supervisor = supervisor()
        let client = harness.client()
        ask(client) { $0.add.nodes = [node("x"), node("y")] }
        let orders = try orders(supervisor)
        #expect(orders.map(\.admin.add.nodes.first?.name) == ["x", "y"])
        answer(orders[0].id, from: supervisor)
        #expect(harness.take(client).isEmpty)
        answer(orders[1].id, from: supervisor)
        let reply = try #require(harness.take(client).first)
        #expect((reply.header.command, reply.header.id) == (.adminReply, 11))
        #expect(harness.isEmpty)
    }

    @Test func `what a supervisor refuses is named, and a FAILED of another peer is not`() throws {
        let supervisor = supervisor()
        let client = harness.client()
        ask(client) { $0.add.nodes = [node("x"), node("y")] }
        let orders = try orders(supervisor)
        answer(orders[0].id, "there is no index 'i'", from: harness.worker("w"))
        answer(orders[0].id, "there is no index 'i'", from: supervisor)
        answer(orders[1].id, from: supervisor)
        let failure = try #require(try harness.failures(client).first)
        #expect(failure.message == "node 'x': there is no index 'i'")
        #expect(harness.isEmpty)
    }

    @Test func `nodes that cannot be added are refused before any is`() throws {
        harness.advance(.seconds(2))
        let supervisor = supervisor(children: ["w2"])
        _ = harness.worker("w1")
        let client = harness.client()
        var heavy = node("h")
        heavy.weight = -1
        for (bad, reason) in [
            (node("w1"), "joined already"), (node("w2"), "exists already"), (node("-"), "expected"),
            (heavy, "weight -1"), (node("x"), "twice"), (node("z", host: "other"), "one of h"),
        ] {
            ask(client) { $0.add.nodes = [node("x"), bad] }
            let failure = try #require(try harness.failures(client).first)
            #expect(failure.code == .badRequest)
            #expect(failure.message.contains(reason), "\(failure.message)")
        }
        #expect(try orders(supervisor).isEmpty)
    }

    @Test func `without a supervisor there is nobody to start a node`() throws {
        harness.advance(.seconds(2))
        let client = harness.client()
        ask(client) { $0.add.nodes = [node("x")] }
        #expect(try harness.failures(client).map(\.code) == [.unsupported])
        ask(client) { $0.start.name = "x" }
        #expect(try harness.failures(client).map(\.code) == [.notFound])
    }

    @Test func `stop goes to every supervisor, or to that of a host`() throws {
        let supervisors = ["a", "b"].map { supervisor($0) }
        let client = harness.client()
        ask(client) { $0.stop = WireStopCluster() }
        for supervisor in supervisors {
            let orders = try orders(supervisor)
            #expect(orders.map(\.admin.verb) == [.stop(WireStopCluster())])
            #expect(harness.take(client, .adminReply).isEmpty)
            answer(orders[0].id, from: supervisor)
        }
        #expect(harness.take(client, .adminReply).count == 1)
        ask(client) { $0.stop.host = "b" }
        #expect(try orders(supervisors[0]).isEmpty)
        let order = try #require(try orders(supervisors[1]).first)
        answer(order.id, "no", from: supervisors[1])
        let failure = try #require(try harness.failures(client).first)
        #expect(failure.code == .badRequest)
        #expect(failure.message == "supervisor 'b': no")
    }

    @Test func `without a supervisor there is nobody to stop the cluster`() throws {
        let client = harness.client()
        ask(client) { $0.stop = WireStopCluster() }
        #expect(harness.take(client, .failed).isEmpty)
        harness.advance(.seconds(2))
        #expect(try harness.failures(client).map(\.code) == [.notFound])
        ask(client) { $0.stop.host = "c" }
        #expect(
            try harness.failures(client).map(\.message) == [
                "stop: no supervisor of host 'c' has joined this broker; end processes that none runs by "
                    + "SIGTERM"
            ])
    }

    @Test func `an order before the first supervisor's report waits for it`() throws {
        let worker = harness.worker("w1")
        let client = harness.client()
        ask(client) { $0.add.nodes = [node("x")] }
        ask(client) { $0.drain.name = "w1" }
        let supervisor = supervisorWithoutReport()
        #expect(try orders(supervisor).isEmpty)
        #expect(!harness.isEmpty)
        report(from: supervisor, children: ["w1"])
        let orders = try orders(supervisor)
        #expect(orders.map(\.admin.add.nodes.first?.name) == ["x", nil])
        #expect(orders.last?.admin.drain.name == "w1")
        // Its supervisor would start it again.
        #expect(harness.take(worker, .drain).isEmpty)
        for order in orders { answer(order.id, from: supervisor) }
        #expect(harness.take(client, .adminReply).count == 2)
        #expect(harness.isEmpty)
    }

    @Test func `an order waits for a first supervisor for two seconds of the broker's life`() throws
    {
        let worker = harness.worker("w1")
        let client = harness.client()
        ask(client) { $0.add.nodes = [node("x")] }
        ask(client) { $0.drain.name = "w1" }
        harness.advance(.milliseconds(1_900))
        #expect(harness.take(client).allSatisfy { $0.header.command == .pong })
        harness.advance(.milliseconds(200))
        #expect(try harness.failures(client).map(\.code) == [.unsupported])
        #expect(harness.take(worker, .drain).count == 1)
        #expect(harness.isEmpty)
    }

    @Test func `an order waits for the supervisor of its host, not for any`() throws {
        let worker = harness.worker("w1")
        let client = harness.client()
        ask(client) { $0.drain.name = "w1" }
        ask(client) { $0.add.nodes = [node("x", host: "other")] }
        ask(client) { $0.start.name = "w9" }
        // The worker's host is "h"; who runs w9 nobody can know yet.
        let other = supervisor("other", children: ["w9"])
        let known = try orders(other)
        #expect(known.map(\.admin.add.nodes.first?.name) == ["x", nil])
        #expect(known.last?.admin.start.name == "w9")
        #expect(harness.take(worker, .drain).isEmpty)
        let own = supervisorWithoutReport("h")
        report(from: own, "h", children: ["w1"])
        #expect(try orders(own).map(\.admin.drain.name) == ["w1"])
        #expect(harness.take(worker, .drain).isEmpty)
    }

    @Test func `an order of a session that has ended is not carried out`() throws {
        let client = harness.client()
        ask(client) { $0.add.nodes = [node("x")] }
        // The same program on a new connection.
        _ = harness.client()
        let supervisor = supervisorWithoutReport()
        report(from: supervisor)
        #expect(try orders(supervisor).isEmpty)
    }

    @Test func `orders that wait for a supervisor are few, and dropped with their client`() throws {
        let (leaving, client) = (harness.client("leaving"), harness.client())
        ask(leaving) { $0.add.nodes = [node("x")] }
        for _ in 0..<15 { ask(client) { $0.start.name = "w1" } }
        ask(client) { $0.start.name = "w1" }
        #expect(try harness.failures(client).map(\.code) == [.busy])
        // What is not for supervisors does not wait.
        ask(client) { $0.configure.maxRetries = 3 }
        #expect(harness.take(client, .adminReply).count == 1)
        harness.deliver(WireMessage(Header(.goodbye, epoch: 7)).encoded(), from: leaving)
        let supervisor = supervisorWithoutReport()
        report(from: supervisor, children: ["w1"])
        #expect(try orders(supervisor).map(\.admin.start.name) == Array(repeating: "w1", count: 15))
    }

    @Test func `of several supervisors the host decides`() throws {
        let (one, two) = (supervisor("one"), supervisor("two"))
        let client = harness.client()
        ask(client) { $0.add.nodes = [node("x")] }
        #expect(try harness.failures(client).first?.message.contains("one, two") == true)
        ask(client) { $0.add.nodes = [node("x", host: "two")] }
        #expect(try orders(one).isEmpty)
        #expect(try orders(two).count == 1)
    }

    @Test func `a supervisor that goes or stays silent ends the order`() throws {
        let supervisor = supervisor()
        let client = harness.client()
        ask(client) { $0.add.nodes = [node("x")] }
        harness.advance(.seconds(6))
        #expect(try harness.failures(client).first?.message.contains("not answered") == true)
        ask(client) { $0.add.nodes = [node("y")] }
        harness.unreachable(supervisor)
        harness.advance(.seconds(1))
        #expect(try harness.failures(client).first?.message.contains("has gone") == true)
        #expect(harness.isEmpty)
    }

    @Test func `draining goes to the supervisor of a child, else to the worker itself`() throws {
        let supervisor = supervisor(children: ["w1"])
        let workers = ["w1", "w2"].map { harness.worker($0) }
        let client = harness.client()
        ask(client) { $0.drain.name = "w1" }
        let order = try #require(try orders(supervisor).first)
        #expect(order.admin.drain.name == "w1")
        answer(order.id, from: supervisor)
        #expect(harness.take(client, .adminReply).count == 1)
        ask(client) { $0.drain.name = "w2" }
        #expect(harness.take(client, .adminReply).count == 1)
        #expect(harness.take(workers[1], .drain).count == 1)
        #expect(harness.take(workers[0], .drain).isEmpty)
        harness.advance(.seconds(2))
        ask(client) { $0.drain.name = "nobody" }
        #expect(try harness.failures(client).map(\.code) == [.notFound])
    }

    @Test func `a removed worker is forgotten once it has gone, and may join anew`() throws {
        let worker = harness.worker("w1")
        harness.advance(.seconds(2))
        let client = harness.client()
        ask(client) { $0.remove.name = "w1" }
        #expect(harness.take(worker, .drain).count == 1)
        #expect(harness.status.workers.count == 1)
        harness.tell(.goodbye, from: worker)
        harness.alive.removeAll { $0 == worker }
        #expect(harness.status.workers.isEmpty)
        _ = harness.worker("w1")
        harness.advance(.seconds(1))
        #expect(harness.status.workers.count == 1)
    }

    @Test func `a supervisor that comes back on a new connection is one, not two`() throws {
        let old = supervisor()
        let new = supervisor()
        let client = harness.client()
        ask(client) { $0.add.nodes = [node("x")] }
        #expect(try orders(old).isEmpty)
        #expect(try orders(new).count == 1)
    }

    @Test func `a node is forgotten only if its supervisor takes the order`() throws {
        let supervisor = supervisor(children: ["w1"])
        _ = harness.worker("w1")
        let client = harness.client()
        for problem in ["the supervisor is stopping", nil] {
            ask(client) { $0.remove.name = "w1" }
            answer(try #require(try orders(supervisor).first).id, problem, from: supervisor)
        }
        #expect(harness.status.workers.map(\.name) == ["w1"])
    }
}
