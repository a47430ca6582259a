import SearchIndex
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// How the hits of shards become one list, answers in order, and equal items.
struct BrokerMergeTests {
    private let harness = BrokerHarness()

    private func hits(_ answer: WireMessage) throws -> [WireHit] {
        let hits: WireHits = try answer.body(0)
        return hits.hits
    }

    /// Two shards with three hits each: a 9, b 7, c 5 and d 8, e 7, f 1.
    private func answer(
        _ strategy: WireMergeStrategy, _ change: (inout WireSubmit) -> Void = { _ in }
    ) throws -> [String] {
        let harness = BrokerHarness()
        let workers = [0, 1].map { harness.worker("w\($0)", of: 2, shards: [UInt32($0)]) }
        let client = harness.client()
        harness.submit(["x"], from: client) {
            $0.documents = .none
            $0.merge = strategy
            change(&$0)
        }
        let scores: [[(String, Float)]] = [
            [("a", 9), ("b", 7), ("c", 5)], [("d", 8), ("e", 7), ("f", 1)],
        ]
        for (worker, scores) in zip(workers, scores) {
            let task = try #require(try harness.tasks(worker).first)
            let sorted = task.task.options.lowest ? scores.reversed() : scores
            let found = sorted.prefix(Int(task.task.k)).enumerated().map { rank, hit in
                TestHit(id: hit.0, score: hit.1, key: UInt64(rank))
            }
            harness.reply([task.number], found, from: worker)
        }
        let message = try #require(harness.take(client, .result).first)
        let meta: WireResultMeta = try message.meta()
        #expect(meta.next.isEmpty == (strategy != .scoreDesc && strategy != .mergeDefault))
        return try hits(message).map(\.id)
    }

    @Test(arguments: [
        (WireMergeStrategy.mergeDefault, "adbe", "db"), (.scoreDesc, "adbe", "db"),
        (.scoreAsc, "fcbe", "cb"), (.nodeOrder, "abcd", "bc"), (.mergeRoundRobin, "adbe", "db"),
    ])
    func `offset and limit count in the merged list`(
        strategy: WireMergeStrategy, list: String, page: String
    ) throws {
        #expect(try answer(strategy) { $0.limit = 4 }.joined() == list)
        let second = try answer(strategy) {
            $0.limit = 2
            $0.offset = 1
        }
        #expect(second.joined() == page)
    }

    @Test func `a strategy that is configured holds where a search names none`() throws {
        let workers = [0, 1].map { harness.worker("w\($0)", of: 2, shards: [UInt32($0)]) }
        let client = harness.client()
        var admin = WireAdmin()
        admin.configure.mergeStrategy = .nodeOrder
        harness.deliver(Header(.admin, id: 5, epoch: 7), admin, from: client)
        #expect(harness.status.broker.settings.mergeStrategy == .nodeOrder)
        for (request, strategy) in [(UInt64(1), WireMergeStrategy.mergeDefault), (2, .scoreDesc)] {
            harness.submit(["x"], as: request, from: client) { $0.merge = strategy }
            for (position, worker) in workers.enumerated() {
                harness.reply(
                    try harness.tasks(worker).map(\.number),
                    [TestHit(id: "\(position)", score: Float(position), key: 1)], from: worker)
            }
            for worker in workers {
                for fetch in try harness.fetches(worker) {
                    harness.fetched(fetch.task, ["{}"], from: worker)
                }
            }
            let message = try #require(harness.take(client, .result).first)
            #expect(try hits(message).map(\.id) == (request == 1 ? ["0", "1"] : ["1", "0"]))
        }
    }

    @Test(arguments: [
        { @Sendable (submit: inout WireSubmit) in submit.merge = .UNRECOGNIZED(77) },
        { @Sendable (submit: inout WireSubmit) in
            submit.merge = .scoreAsc
            submit.sort = [SortKey(field: "n").wire]
        },
    ])
    func `a strategy that does not fit the search is refused`(
        change: @Sendable (inout WireSubmit) -> Void
    ) throws {
        _ = harness.worker("w")
        let client = harness.client()
        harness.submit(["x"], from: client) { change(&$0) }
        let failure = try #require(try harness.failures(client).first)
        #expect(failure.code == .badRequest)
        #expect(failure.message.contains("merge"))
    }

    @Test func `fusion ranks a document by its id in both indexes and fetches it once`() throws {
        let workers = ["i", "j"].map { harness.worker("w\($0)", index: $0) }
        let client = harness.client()
        harness.submit(["x"], from: client) { $0.merge = .reciprocalRankFusion }
        let lists = [[("a", 1), ("b", 2)], [("b", 7), ("c", 8)]]
        for (worker, list) in zip(workers, lists) {
            let task = try #require(try harness.tasks(worker).first)
            #expect(task.task.k == 100)
            harness.reply(
                [task.number],
                list.enumerated().map {
                    TestHit(id: $1.0, score: Float(9 - $0), key: UInt64($1.1))
                }, from: worker)
        }
        let first = try #require(try harness.fetches(workers[0]).first)
        #expect(first.orderKeys == [2, 1])
        harness.fetched(first.task, [#"{"b":1}"#, #"{"a":1}"#], from: workers[0])
        let second = try #require(try harness.fetches(workers[1]).first)
        #expect(second.orderKeys == [8])
        harness.fetched(second.task, [#"{"c":1}"#], from: workers[1])
        let message = try #require(harness.take(client, .result).first)
        let found = try hits(message)
        #expect(found.map(\.id) == ["b", "a", "c"])
        #expect(found[0].score == 1 / Float(62) + 1 / Float(61))
        let meta: WireResultMeta = try message.meta()
        #expect(meta.totalHits == 2)
        #expect(meta.totalRelation == .atLeast)
    }

    @Test func `a configured strategy does not fail a search that goes on behind a place`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        var admin = WireAdmin()
        admin.configure.mergeStrategy = .nodeOrder
        harness.deliver(Header(.admin, id: 5, epoch: 7), admin, from: client)
        var settings = WireSubmit()
        settings.documents = .none
        var item = WireItem()
        item.text = "a"
        item.after =
            ResultCursor(
                score: 2, tuple: SortTuple(values: [], orderKey: OrderKey(7)), id: [65], index: "i"
            ).token
        let header = Header(.submit, id: 1, epoch: 7)
        harness.deliver(header, settings, body: [header.codec.encodeOwn(item)], from: client)
        #expect(try harness.tasks(worker).map(\.task.options.after.score) == [2])
        #expect(try harness.failures(client).isEmpty)
    }
}
