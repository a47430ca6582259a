import Testing
import WireProtocol

@testable import ClusterCore

/// Documents that are late are also asked of a second replica.
struct BrokerFetchHedgingTests {
    /// Two shards with a spare replica of the first one; all have answered, and the first one's documents
    /// are asked of `one`.
    private struct LateFetch {
        let bench: BrokerHarness
        let one: PeerID
        let spare: PeerID
        let client: PeerID
        let fetch: WireFetchTask

        init(generation: UInt64 = 1, hedging: Bool = true) throws {
            bench = BrokerHarness { $0.configuration.hedging = hedging }
            one = bench.worker("one", of: 2, shards: [0])
            let two = bench.worker("two", of: 2, shards: [1])
            client = bench.client()
            bench.submit(["q"], from: client) {
                $0.documents = .source
                $0.ledger = .full
            }
            var index = BrokerHarness.index(of: 2, shards: [0])
            index.shards[0].generation = generation
            spare = bench.worker("spare", [index])
            for (position, worker) in [one, two].enumerated() {
                let task = try #require(try bench.tasks(worker).first)
                let hit = TestHit(id: "d\(position)", key: UInt64(position))
                bench.reply([task.number], [hit], from: worker)
            }
            fetch = try #require(try bench.fetches(one).first)
            bench.fetched(try #require(try bench.fetches(two).first).task, ["1"], from: two)
        }
    }

    @Test func `late documents are asked of a second replica, and the first answer counts`() throws
    {
        let late = try LateFetch()
        let bench = late.bench
        bench.advance(.milliseconds(150))
        #expect(try bench.fetches(late.spare).isEmpty)
        bench.advance(.milliseconds(100))
        let second = try #require(try bench.fetches(late.spare).first)
        #expect(second.orderKeys == late.fetch.orderKeys && second.generation == 1)
        bench.fetched(second.task, ["0"], from: late.spare)
        let message = try #require(bench.take(late.client, .result).first)
        let meta: WireResultMeta = try message.meta()
        #expect(meta.coverage.hedged == 1 && meta.coverage.resent == 0)
        #expect(try bench.cancelled(late.one) == [late.fetch.task])
        bench.fail(late.fetch.task, .cancelled, from: late.one)
        #expect(bench.isEmpty)
        #expect(bench.status.broker.tasksHedged == 1)
    }

    @Test(arguments: ["lost", "refuses", "silent", "busy", "miscounts"])
    func `documents asked of two replicas come from the other when one fails`(how: String) throws {
        let late = try LateFetch()
        let bench = late.bench
        bench.advance(.milliseconds(250))
        let second = try #require(try bench.fetches(late.spare).first)
        switch how {
        case "lost": bench.unreachable(late.one)
        case "refuses": bench.fail(late.fetch.task, .internal, from: late.one)
        case "busy": bench.fail(late.fetch.task, .busy, from: late.one)
        case "miscounts": bench.fetched(late.fetch.task, ["0", "0"], from: late.one)
        default:
            bench.alive.removeAll { $0 == late.one }
            bench.advance(.milliseconds(800))
        }
        #expect(bench.take(late.client, .result).isEmpty)
        bench.fetched(second.task, ["0"], from: late.spare)
        let result = try #require(try bench.results(late.client).first)
        #expect(result.documents == "[0,1]")
        #expect(try bench.tasks(late.spare).isEmpty, "nothing is searched again")
        if how == "silent" { bench.unreachable(late.one) }
        #expect(bench.isEmpty)
    }

    @Test func `a search repeated after both replicas' documents were lost is hedged too`() throws {
        let late = try LateFetch()
        let bench = late.bench
        bench.advance(.milliseconds(250))
        #expect(try bench.fetches(late.spare).count == 1)
        let next = bench.worker("next", of: 2, shards: [0])
        // They have said so: what ended both their processes would be given to one worker only.
        for worker in [late.one, late.spare] {
            bench.alive.removeAll { $0 == worker }
            bench.tell(.goodbye, from: worker)
        }
        #expect(try bench.tasks(next).count == 1)
        let last = bench.worker("last", of: 2, shards: [0])
        bench.advance(.milliseconds(250))
        #expect(try bench.tasks(last).count == 1)
    }

    @Test(arguments: [(UInt64(2), true), (1, false)])
    func `late documents are not asked of another generation, nor without hedging`(
        generation: UInt64, hedging: Bool
    ) throws {
        let late = try LateFetch(generation: generation, hedging: hedging)
        late.bench.advance(.milliseconds(700))
        #expect(try late.bench.fetches(late.spare).isEmpty)
        late.bench.fetched(late.fetch.task, ["0"], from: late.one)
        #expect(try late.bench.results(late.client).map(\.documents) == ["[0,1]"])
        #expect(late.bench.isEmpty)
    }
}
