import SearchIndex
import Testing
import WireProtocol

@testable import ClusterCore

/// Sorted lists, pages, counts and fragments: what tasks ask for, and what becomes of the answers.
struct BrokerResultTests {
    private static let schema = """
        {"fields":[{"name":"text","kind":"text"},{"name":"n","kind":"integer"},
        {"name":"tag","kind":"keyword","column":true}]}
        """

    /// A broker with one worker a shard of the index `i`, and a client.
    private func bench(shards: UInt32) -> (bench: BrokerHarness, workers: [PeerID], client: PeerID)
    {
        let bench = BrokerHarness()
        let workers = (0..<shards).map { number in
            var index = BrokerHarness.index(of: shards, shards: [number])
            index.schema = Self.schema
            return bench.worker("w\(number)", [index])
        }
        return (bench, workers, bench.client())
    }

    private func submit(
        _ bench: BrokerHarness, _ client: PeerID, after: String = "", as request: UInt64 = 1,
        _ change: (inout WireSubmit) -> Void
    ) {
        var settings = WireSubmit()
        settings.documents = .none
        change(&settings)
        var item = WireItem()
        item.text = "a"
        item.after = after
        let header = Header(.submit, id: request, epoch: 7)
        bench.deliver(header, settings, body: [header.codec.encodeOwn(item)], from: client)
    }

    private func answer(
        _ bench: BrokerHarness, _ client: PeerID
    ) throws -> (meta: WireResultMeta, hits: [WireHit]) {
        let message = try #require(bench.take(client, .result).first)
        let hits: WireHits = try message.body(0)
        return (try message.meta(), hits.hits)
    }

    private static let keys = [
        SortKey(field: "n", isAscending: false), SortKey(field: "tag", missing: .first),
    ]

    @Test func `sorted hits are merged by their values, then order keys, then ids`() throws {
        let (bench, workers, client) = bench(shards: 2)
        submit(bench, client) {
            $0.sort = Self.keys.map(\.wire)
            $0.limit = 4
        }
        let text = { (text: String) in FieldValue.text(Array(text.utf8)) }
        let hits = [
            [
                TestHit(id: "a", key: 4, values: [.integer(9), nil]),
                TestHit(id: "b", key: 1, values: [.integer(9), text("x")]),
                TestHit(id: "c", key: 2, values: [nil, nil]),
            ],
            [
                TestHit(id: "d", key: 3, values: [.integer(9), nil]),
                TestHit(id: "e", key: 0, values: [.integer(-1), text("x")]),
            ],
        ]
        for (worker, hits) in zip(workers, hits) {
            let task = try #require(try bench.tasks(worker).first)
            #expect(task.task.options.sort == Self.keys.map(\.wire))
            #expect(!task.task.options.hasAfter && !task.task.hasCountUpTo && !task.task.lenient)
            bench.reply([task.number], hits, from: worker)
        }
        let answer = try answer(bench, client)
        #expect(answer.hits.map(\.id) == ["d", "a", "b", "e"])
        #expect(
            try answer.hits[2].sort.map(FieldValue.sortValue) == [.integer(9), text("x")])
        #expect(try answer.hits[0].sort.map(FieldValue.sortValue) == [.integer(9), nil])
        let next = try ResultCursor(token: answer.meta.next, keys: Self.keys)
        #expect(
            next.tuple == SortTuple(values: [.integer(-1), text("x")], orderKey: OrderKey(0)))
        #expect((next.id, next.index) == (Array("e".utf8)[...], "i"))
    }

    @Test func `a page that is not full has no next`() throws {
        let (bench, workers, client) = bench(shards: 1)
        submit(bench, client) { $0.limit = 3 }
        let task = try #require(try bench.tasks(workers[0]).first)
        bench.reply([task.number], [TestHit(id: "a", key: 0)], from: workers[0])
        #expect(try answer(bench, client).meta.next.isEmpty)
    }

    @Test func `tasks say behind which place hits are wanted, and how to count`() throws {
        let (bench, workers, client) = bench(shards: 1)
        let cursor = ResultCursor(
            score: 2.5, tuple: SortTuple(values: [], orderKey: OrderKey(7)), id: [65], index: "i")
        submit(bench, client, after: cursor.token) {
            $0.limit = 3
            $0.offset = 2
            $0.countUpTo = 50
            $0.lenient = true
        }
        let task = try #require(try bench.tasks(workers[0]).first).task
        #expect((task.options.after.score, task.options.after.orderKey) == (2.5, 7))
        #expect(!task.options.after.includesPlace)
        #expect(task.k == 5)
        #expect(task.hasCountUpTo && task.countUpTo == 50)
        #expect(task.lenient)
    }

    @Test func `of equal hits in other indexes those behind the place by id are given`() throws {
        let bench = BrokerHarness()
        let workers = ["i", "j"].map { bench.worker("w\($0)", index: $0) }
        let client = bench.client()
        let cursor = ResultCursor(
            score: 1, tuple: SortTuple(values: [], orderKey: OrderKey(7)), id: Array("m".utf8)[...],
            index: "i")
        for (number, (id, isGiven)) in [("a", false), ("m", true), ("z", true)].enumerated() {
            submit(bench, client, after: cursor.token, as: UInt64(number)) {
                $0.limit = 2
                $0.indexes = ["i", "j"]
            }
            for (position, worker) in workers.enumerated() {
                let task = try #require(try bench.tasks(worker).first)
                #expect(task.task.options.after.includesPlace == (position == 1))
                #expect(task.task.k == (position == 1 ? 3 : 2))
                let hits = position == 1 ? [TestHit(id: id, key: 7)] : []
                bench.reply([task.number], hits, from: worker)
            }
            #expect(try answer(bench, client).hits.map(\.id) == (isGiven ? [id] : []))
            _ = bench.take(client)
        }
    }

    @Test func `a field that is of another kind in another index is refused by name`() throws {
        let bench = BrokerHarness()
        for (name, kind) in [("i", "integer"), ("j", "double")] {
            var index = BrokerHarness.index(name, of: 1, shards: [0])
            index.schema =
                #"{"fields":[{"name":"n","kind":"\#(kind)"},{"name":"t","kind":"text"}]}"#
            _ = bench.worker("w\(name)", [index])
        }
        let client = bench.client()
        submit(bench, client) { $0.sort = [SortKey(field: "n").wire] }
        let failure = try #require(try bench.failures(client).first)
        #expect(failure.code == .badRequest)
        #expect(failure.message.contains("integer in 'i', double in 'j'"))
        #expect(bench.isEmpty)
    }

    @Test(arguments: [[], [FieldValue.integer(1)], [.integer(1), nil, nil]])
    func `hits with another number of sort values fail the item`(
        values: [FieldValue?]
    ) throws {
        let (bench, workers, client) = bench(shards: 1)
        submit(bench, client) { $0.sort = Self.keys.map(\.wire) }
        let task = try #require(try bench.tasks(workers[0]).first)
        bench.reply([task.number], [TestHit(id: "a", key: 0, values: values)], from: workers[0])
        #expect(try bench.failures(client).map(\.code) == [.internal])
        #expect(bench.isEmpty)
    }

    @Test(arguments: ["pattern text:a* was cut to its first 1024 terms", ""])
    func `a shard that cut a pattern is degraded in the ledger, and the total a lower bound`(
        reason: String
    ) throws {
        let (bench, workers, client) = bench(shards: 2)
        submit(bench, client) { $0.lenient = true }
        for (position, worker) in workers.enumerated() {
            let task = try #require(try bench.tasks(worker).first)
            bench.reply([task.number], from: worker) {
                $0.totalHits = 20
                $0.coveredDocuments = position == 0 ? 5 : 0
                $0.degraded = position == 1
                if position == 1 { $0.degradedReason = reason }
            }
        }
        let meta = try answer(bench, client).meta
        #expect((meta.totalHits, meta.totalRelation) == (40, .atLeast))
        let coverage = meta.coverage
        #expect(coverage.isBalanced)
        #expect((coverage.ok, coverage.degraded) == (1, 1))
        #expect(coverage.reports.map(\.state) == [.ok, .degraded])
        #expect(coverage.reports.map(\.coveredDocuments) == [5, 0])
        #expect(coverage.reports.map(\.cause) == [.unspecified, .tooLarge])
        let shown = reason.isEmpty ? "a pattern was cut to its first terms" : reason
        #expect(coverage.reports.map(\.message) == ["", shown])
    }

    @Test(arguments: [false, true])
    func `a lower bound of one shard makes the total a lower bound`(isBound: Bool) throws {
        let (bench, workers, client) = bench(shards: 2)
        submit(bench, client) { $0.countUpTo = 10 }
        for (position, worker) in workers.enumerated() {
            let task = try #require(try bench.tasks(worker).first)
            bench.reply([task.number], from: worker) {
                $0.totalHits = 12
                $0.totalAtLeast = isBound && position == 0
            }
        }
        let meta = try answer(bench, client).meta
        #expect(meta.totalHits == 24)
        #expect(meta.totalRelation == (isBound ? .atLeast : .exact))
    }

    private static func snippets(_ text: String) -> WireHitSnippets {
        WireHitSnippets([FieldSnippets(field: "text", fragments: [text])])
    }

    @Test func `fragments are fetched with the query, and stand at their hits`() throws {
        let (bench, workers, client) = bench(shards: 2)
        submit(bench, client) {
            $0.highlight.fields = ["text"]
            $0.fields = ["n"]
        }
        for (position, worker) in workers.enumerated() {
            let task = try #require(try bench.tasks(worker).first)
            #expect(!task.task.options.documents)
            let hit = TestHit(id: "d\(position)", score: Float(position), key: UInt64(position))
            bench.reply([task.number], [hit], from: worker)
        }
        for (position, worker) in workers.enumerated() {
            let message = try #require(bench.take(worker, .fetch).first)
            let meta: WireFetchMeta = try message.meta()
            let fetch = try #require(meta.tasks.first)
            #expect(fetch.form.omitsDocuments)
            #expect(fetch.form.fields == ["n"])
            #expect(fetch.form.highlight.fields == ["text"])
            let body: WireQueries = try message.body(0)
            #expect(body.queries[Int(fetch.query)].term.term == "a")
            bench.fetched(
                fetch.task, [""], snippets: [Self.snippets("shard \(position)")], from: worker)
        }
        let answer = try answer(bench, client)
        #expect(answer.hits.map(\.id) == ["d1", "d0"])
        #expect(answer.hits.map { $0.snippets.first?.fragments } == [["shard 1"], ["shard 0"]])
        #expect(bench.isEmpty)
    }

    @Test func `the only shard sends fragments with its hits`() throws {
        let (bench, workers, client) = bench(shards: 1)
        submit(bench, client) { $0.highlight.fields = ["text"] }
        let task = try #require(try bench.tasks(workers[0]).first)
        #expect(task.task.options.documents && task.task.options.form.hasHighlight)
        bench.reply(
            [task.number], [TestHit(id: "a", key: 0)], documents: [""], from: workers[0]
        ) {
            $0.snippets = [Self.snippets("here")]
        }
        #expect(try answer(bench, client).hits.first?.snippets.first?.fragments == ["here"])
    }

    @Test func `fragments of another number of documents fail the item`() throws {
        let (bench, workers, client) = bench(shards: 1)
        submit(bench, client) { $0.highlight.fields = ["text"] }
        let task = try #require(try bench.tasks(workers[0]).first)
        bench.reply(
            [task.number], [TestHit(id: "a", key: 0)], documents: [""], from: workers[0]
        ) {
            $0.snippets = [Self.snippets("one"), Self.snippets("two")]
        }
        #expect(try bench.failures(client).map(\.code) == [.internal])
        #expect(bench.isEmpty)
    }
}
