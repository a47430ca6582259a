import Testing
import WireProtocol

@testable import ClusterCore

/// How often many workers say that they live.
struct BrokerPaceTests {
    private let bench = BrokerHarness { $0.workersAtFullPace = 2 }

    private func welcome(_ worker: PeerID) throws -> WireWelcome {
        try #require(try bench.take(worker, .welcome).first?.meta())
    }

    /// What the PONG to a PING says of the interval.
    private func ping(_ worker: PeerID) throws -> UInt32 {
        _ = bench.takePongs(worker)
        bench.deliver(Header(.ping, epoch: BrokerHarness.epoch), WirePing(), from: worker)
        let pong: WirePong = try #require(try bench.takePongs(worker).first?.meta())
        return pong.pingMs
    }

    private func silence(_ worker: PeerID) {
        bench.alive.removeAll { $0 == worker }
    }

    private func state(_ name: String) -> WireNodeState? {
        bench.status.workers.first { $0.name == name }?.state
    }

    @Test func `more workers than may at full pace are told to PING more rarely`() throws {
        let few = ["a", "b"].map { bench.worker($0) }
        for worker in few {
            let welcome = try welcome(worker)
            #expect(welcome.pingMs == 250 && welcome.expiryMs == 3_000)
        }
        let third = try welcome(bench.worker("c"))
        #expect(third.pingMs == 500 && third.expiryMs == 6_000)
        #expect(try ping(few[0]) == 500)
        let more = ["d", "e", "f", "g", "h"].map { bench.worker($0) }
        #expect(try welcome(more[4]).pingMs == 750, "no more than three times the interval")
        for worker in more { bench.unreachable(worker) }
        bench.advance(.seconds(1))
        #expect(try ping(few[0]) == 500)
    }

    @Test func `a worker may be silent for as many intervals as ever`() throws {
        let workers = ["a", "b", "c"].map { bench.worker($0) }
        #expect(try ping(workers[0]) == 500)
        silence(workers[0])
        bench.advance(.milliseconds(1_450))
        #expect(state("a") == .ready)
        bench.advance(.milliseconds(100))
        #expect(state("a") == .suspected)
        bench.advance(.milliseconds(4_350))
        #expect(state("a") == .suspected)
        bench.advance(.milliseconds(150))
        #expect(state("a") == .lost)
    }

    @Test func `what a worker was told last counts, until it is told something else`() throws {
        let first = bench.worker("a")
        silence(first)
        for name in ["b", "c"] { _ = bench.worker(name) }
        bench.advance(.milliseconds(800))
        #expect(state("a") == .suspected, "it knows of the usual interval only")
    }
}
