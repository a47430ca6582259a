import Testing
import WireProtocol

@testable import ClusterCore

/// What operators change while a broker runs.
struct BrokerAdminTests {
    private func administer(
        _ bench: BrokerHarness, _ peer: PeerID, _ fill: (inout WireAdmin) -> Void
    ) throws -> Result<WireClusterSettings, ItemFailure> {
        var admin = WireAdmin()
        fill(&admin)
        bench.deliver(Header(.admin, id: 9, epoch: 7), admin, from: peer)
        if let answer = bench.take(peer, .adminReply).first {
            #expect(answer.header.id == 9)
            let reply: WireAdminReply = try answer.meta()
            return .success(reply.settings)
        }
        let answer = try #require(bench.take(peer, .failed).first { $0.header.id == 9 })
        return .failure(ItemFailure(wire: try answer.meta()))
    }

    private func setActive(
        _ isActive: Bool, _ name: String, _ bench: BrokerHarness, _ peer: PeerID
    ) throws {
        _ = try administer(bench, peer) {
            $0.node.name = name
            $0.node.active = isActive
        }.get()
    }

    @Test func `any subset of the settings is changed at once, and status says so`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        let settings = try administer(bench, peer) { $0.configure.timeoutMs = 300 }.get()
        #expect(settings.timeoutMs == 300)
        #expect(settings.maxRetries == 16)
        #expect(settings.loadBalancing == .adaptive)
        #expect(bench.status.broker.settings == settings)
        let worker = bench.worker("w")
        bench.submit(["a"], from: peer)
        #expect(try bench.tasks(worker).map(\.task.budgetMs) == [295])
        let more = try administer(bench, peer) {
            $0.configure.maxRetries = 0
            $0.configure.loadBalancing = .roundRobin
        }.get()
        #expect(more.timeoutMs == 300)
        #expect(more.maxRetries == 0)
        #expect(more.loadBalancing == .roundRobin)
    }

    @Test func `workers hear at once how often they are to check themselves`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        let workers = [bench.worker("v"), bench.worker("w")]
        for worker in workers { _ = bench.take(worker) }
        _ = try administer(bench, peer) { $0.configure.timeoutMs = 300 }.get()
        #expect(workers.allSatisfy { bench.takePongs($0).isEmpty })
        _ = try administer(bench, peer) { $0.configure.healthCheckMs = 100 }.get()
        for worker in workers {
            let pongs = bench.takePongs(worker)
            #expect(pongs.map(\.header.epoch) == [BrokerHarness.epoch])
            let pong: WirePong = try #require(try pongs.first?.meta())
            #expect(pong.healthCheckMs == 100)
        }
    }

    @Test func `with no retries one BUSY ends the item`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        let worker = bench.worker("w")
        _ = try administer(bench, peer) { $0.configure.maxRetries = 0 }.get()
        bench.submit(["a"], from: peer)
        let task = try #require(try bench.tasks(worker).first)
        bench.fail(task.number, .busy, from: worker)
        #expect(try bench.failures(peer).map(\.code) == [.busy])
    }

    @Test func `a refusal names field, value and range, and changes nothing`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        let before = bench.status.broker.settings
        let refused: [((inout WireAdmin) -> Void, String)] = [
            ({ $0.configure.timeoutMs = 0 }, "timeout_ms 0; expected 1 to 300000"),
            ({ $0.configure.timeoutMs = 300_001 }, "timeout_ms 300001; expected 1 to 300000"),
            (
                {
                    $0.configure.timeoutMs = 5
                    $0.configure.maxRetries = 101
                }, "max_retries 101; expected 0 to 100"
            ),
            (
                { $0.configure.loadBalancing = .default },
                "load_balancing LOAD_BALANCING_DEFAULT; expected ROUND_ROBIN, "
            ),
            (
                { $0.configure.mergeStrategy = .mergeDefault },
                "configure: merge_strategy MERGE_DEFAULT; expected SCORE_DESC, SCORE_ASC, "
                    + "NODE_ORDER, MERGE_ROUND_ROBIN, RECIPROCAL_RANK_FUSION"
            ),
            ({ $0.configure.loadBalancing = .UNRECOGNIZED(77) }, "load_balancing 77; expected"),
            ({ $0.verb = nil }, "expected configure, node, add"),
        ]
        for (fill, text) in refused {
            guard case .failure(let failure) = try administer(bench, peer, fill) else {
                Issue.record("taken: \(text)")
                continue
            }
            #expect(failure.code == .badRequest)
            #expect(failure.message.contains(text), "\(failure.message)")
            #expect(bench.status.broker.settings == before)
        }
    }

    @Test func `an inactive worker gets no new tasks and ends those it has`() throws {
        let bench = BrokerHarness { $0.configuration.loadBalancing = .roundRobin }
        let one = bench.worker("one")
        let two = bench.worker("two")
        let peer = bench.client()
        bench.submit(["a", "b"], from: peer)
        let task = try #require(try bench.tasks(one).first)
        _ = try bench.tasks(two)
        try setActive(false, "one", bench, peer)
        bench.submit(["c", "d"], as: 2, from: peer)
        #expect(try bench.tasks(one).isEmpty)
        #expect(try bench.tasks(two).count == 2)
        bench.reply([task.number], from: one)
        #expect(bench.take(peer, .result).count == 1)
        #expect(bench.status.workers.map(\.inactive) == [true, false])
        #expect(bench.status.indexes.first?.shards.first?.workers == ["two"])
        try setActive(true, "one", bench, peer)
        bench.submit(["e", "f"], as: 3, from: peer)
        #expect(try bench.tasks(one).count == 1)
    }

    @Test func `neither life signs nor a new process undo an operator's inactive`() throws {
        let bench = BrokerHarness()
        let old = bench.worker("one")
        let peer = bench.client()
        try setActive(false, "one", bench, peer)
        bench.advance(.seconds(5))
        bench.unreachable(old)
        let new = bench.worker("one")
        bench.advance(.seconds(1))
        bench.submit(["a"], from: peer)
        #expect(try bench.tasks(new).isEmpty)
        bench.advance(.seconds(3))
        #expect(try bench.failures(peer).map(\.code) == [.noWorkers])
    }

    @Test func `a query that waits for an inactive worker goes to it when it is active again`()
        throws
    {
        let bench = BrokerHarness()
        let worker = bench.worker("one")
        let peer = bench.client()
        try setActive(false, "one", bench, peer)
        bench.submit(["a"], from: peer)
        bench.advance(.seconds(1))
        #expect(try bench.tasks(worker).isEmpty)
        try setActive(true, "one", bench, peer)
        #expect(try bench.tasks(worker).count == 1)
    }

    @Test func `an operator's weight comes before the worker's, and 0 gives it back`() throws {
        let bench = BrokerHarness()
        _ = bench.worker("one", weight: 2)
        let peer = bench.client()
        _ = try administer(bench, peer) {
            $0.node.name = "one"
            $0.node.weight = 5
        }.get()
        #expect(bench.status.workers.map(\.weight) == [5])
        _ = bench.worker("one", weight: 3)
        #expect(bench.status.workers.map(\.weight) == [5])
        _ = try administer(bench, peer) {
            $0.node.name = "one"
            $0.node.weight = 0
        }.get()
        #expect(bench.status.workers.map(\.weight) == [3])
    }

    @Test func `a worker that has never joined is not found`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        guard
            case .failure(let failure) = try administer(
                bench, peer,
                {
                    $0.node.name = "nobody"
                    $0.node.active = false
                })
        else {
            Issue.record("taken")
            return
        }
        #expect(failure.code == .notFound)
        #expect(failure.message.contains("'nobody'"))
        #expect(bench.status.workers.isEmpty)
    }

    @Test func `what operators said is forgotten last`() throws {
        let bench = BrokerHarness { $0.maxSessions = 5 }
        let first = bench.worker("first")
        let peer = bench.client()
        try setActive(false, "first", bench, peer)
        bench.tell(.goodbye, from: first)
        for number in 0..<20 { bench.tell(.goodbye, from: bench.worker("w\(number)")) }
        #expect(bench.status.workers.first { $0.name == "first" }?.inactive == true)
        #expect(bench.status.workers.count <= 5)
    }
}
