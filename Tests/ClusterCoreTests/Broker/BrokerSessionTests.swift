import DequeModule
import Testing
import WireProtocol

@testable import ClusterCore

/// The beginning of clients' sessions, when messages come twice or out of order.
struct BrokerSessionTests {
    private func hello(session: UInt64, from peer: PeerID, to bench: BrokerHarness) {
        var hello = WireHello()
        hello.role = .client
        hello.name = "c"
        bench.deliver(Header(.hello, epoch: session), hello, from: peer)
    }

    @Test func `a HELLO that comes twice does not end the work of its session`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client("c", session: 7)
        bench.submit(["a"], from: peer)
        _ = bench.take(peer)
        hello(session: 7, from: peer, to: bench)
        #expect(bench.take(peer).map(\.header.command) == [.welcome])
        bench.reply(try bench.tasks(worker).map(\.number), from: worker)
        #expect(bench.take(peer, .result).count == 1)
        #expect(bench.isEmpty)
    }

    @Test func `a HELLO with another session id ends the session before it`() throws {
        let bench = BrokerHarness()
        let peer = bench.client("c", session: 7)
        bench.submit(["a"], from: peer)
        hello(session: 8, from: peer, to: bench)
        #expect(bench.isEmpty)
        #expect(bench.broker.clients.count == 1)
    }

    /// Otherwise a client whose last HELLO was overtaken by one before it would submit into a session
    /// whose answers it ignores, for as long as the connection lasts.
    @Test func `a message with another session id is UNKNOWN_PEER, and nothing is done`() {
        let bench = BrokerHarness()
        let peer = bench.client("c", session: 8)
        _ = bench.take(peer)
        bench.submit(["a"], from: peer, session: 7)
        let answers = bench.take(peer)
        #expect(answers.map(\.header.command) == [.unknownPeer])
        #expect(answers.map(\.header.epoch) == [7], "so that its sender takes it")
        #expect(bench.isEmpty)
    }

    @Test func `credit of an earlier session does not count`() {
        let bench = BrokerHarness()
        let peer = bench.client("c", session: 8, window: 1)
        for client in bench.broker.clients.values { client.sent(bytes: 100) }
        var credit = WireCredit()
        credit.results = 1
        bench.deliver(Header(.credit, epoch: 7), credit, from: peer)
        #expect(bench.broker.clients.values.map(\.unacknowledged.count) == [1])
    }
}
