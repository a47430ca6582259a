import ClusterCore
import ClusterRuntime
import SearchIndex
import SystemPackage
import TestSupport
import Testing
import WireMessages
import WireProtocol

/// Searches through real sockets, compared with the same searches in process.
@Suite(.timeLimit(.minutes(10)))
struct ClusterSearchTests {
    private static func documents(
        _ count: Int, using random: inout SeededRandom
    ) -> [(id: String, text: String)] {
        (0..<count).map { number in
            let length = Int.random(in: 1...12, using: &random)
            let words = (0..<length).map { _ in "w\(Int.random(in: 0..<40, using: &random))" }
            return ("d\(number)", words.joined(separator: " "))
        }
    }

    private static func queries(_ count: Int, using random: inout SeededRandom) -> [String] {
        (0..<count).map { _ in
            let words = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                "w\(Int.random(in: 0..<45, using: &random))"
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0: return words.joined(separator: " AND ")
            case 1 where words.count > 1: return "\"\(words.joined(separator: " "))\""
            default: return words.joined(separator: " ")
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4, 7])
    func `a cluster gives the hits of the index in process, bit for bit`(shards: Int) async throws {
        var random = SeededRandom.forTest("cluster hits, \(shards) shards")
        let cluster = try TestCluster()
        let index = try cluster.buildIndex(
            named: "x", shards: shards, Self.documents(300, using: &random))
        try cluster.startWorker("a", serving: "x", .all)
        try cluster.startWorker("b", serving: "x", .all)
        let client = try cluster.client()
        let queries = Self.queries(100, using: &random)
        var settings = WireSubmit()
        settings.limit = 100
        let outcomes = await client.outcomes(queries.map(Self.item), settings)
        #expect(outcomes.count == queries.count)
        for (text, outcome) in zip(queries, outcomes) {
            let answer = try outcome.get()
            let expected = try index.search(try index.parse(text), limit: 100)
            #expect(
                answer.hits.map(\.id)
                    == expected.hits.map { String(decoding: $0.hit.id, as: UTF8.self) })
            #expect(answer.hits.map(\.score) == expected.hits.map(\.hit.score))
            #expect(answer.meta.totalHits == expected.totalHits)
            #expect(answer.meta.coverage.isComplete)
            #expect(answer.meta.coverage.shards == UInt32(shards))
            let documents = try expected.hits.map { try index.document(of: $0) }
            #expect(answer.documents.map(Array.init) == documents)
        }
        await client.close()
    }

    @Test
    func `searches one after the other, small and large, have the hits of the index in process`()
        async throws
    {
        var random = SeededRandom.forTest("cluster, one search at a time")
        let cluster = try TestCluster()
        // One word has some 490 postings, three have more than a worker's own thread takes on.
        let index = try cluster.buildIndex(
            named: "x", shards: 1, Self.documents(3_000, using: &random))
        try cluster.startWorker("a", serving: "x", .all)
        let client = try cluster.client()
        var settings = WireSubmit()
        settings.documents = .none
        settings.limit = 10
        for text in Self.queries(100, using: &random) {
            let batch = ClientBatch(
                settings: settings, items: [Self.item(text)], budget: .seconds(60))
            let expected = try index.search(try index.parse(text), limit: 10)
            let elsewhere = await client.outcome(of: batch)
            let here = await withTaskExecutorPreference(client.executor) {
                await client.outcome(of: batch)
            }
            for outcome in [elsewhere, here] {
                let answer = try #require(outcome).get()
                #expect(answer.hits.map(\.orderKey) == expected.hits.map(\.hit.orderKey.rawValue))
                #expect(answer.hits.map(\.score) == expected.hits.map(\.hit.score))
                #expect(answer.meta.totalHits == expected.totalHits)
                #expect(answer.meta.coverage.isComplete)
            }
        }
        // A task on the thread of a connection goes on when that is gone.
        await withTaskExecutorPreference(client.executor) { await client.close() }
    }

    @Test
    func `offset and limit cut the merged list`() async throws {
        var random = SeededRandom.forTest("cluster pages")
        let cluster = try TestCluster()
        let index = try cluster.buildIndex(
            named: "x", shards: 3, Self.documents(200, using: &random))
        try cluster.startWorker("a", serving: "x", .all)
        let client = try cluster.client()
        let whole = try index.search(try index.parse("w1 w2 w3"), limit: 1_000).hits
        for offset in stride(from: 0, to: whole.count + 10, by: 7) {
            var item = Self.item("w1 w2 w3")
            item.offset = UInt32(offset)
            item.limit = 5
            let answer = try #require(await client.outcomes([item]).first).get()
            let expected = whole.dropFirst(offset).prefix(5).map(\.hit.orderKey.rawValue)
            #expect(answer.hits.map(\.orderKey) == expected)
        }
        await client.close()
    }

    @Test
    func `a worker that vanishes in a batch costs no answer`() async throws {
        var random = SeededRandom.forTest("vanishing worker")
        let cluster = try TestCluster()
        _ = try cluster.buildIndex(named: "x", shards: 2, Self.documents(2_000, using: &random))
        try cluster.startWorker("a", serving: "x", .all)
        try cluster.startWorker("b", serving: "x", .all)
        let client = try cluster.client()
        let items = Self.queries(1_000, using: &random).map(Self.item)
        var answered = 0
        let batch = ClientBatch(settings: WireSubmit(), items: items, budget: .seconds(30))
        for await outcomes in client.submit(batch) {
            if answered < 100, answered + outcomes.count >= 100 { cluster.stopWorker("a") }
            for (_, outcome) in outcomes {
                #expect(try outcome.get().meta.coverage.isComplete)
            }
            answered += outcomes.count
        }
        #expect(answered == items.count)
        await client.close()
    }

    @Test
    func `a shard that nobody serves fails the item and is named`() async throws {
        let cluster = try TestCluster()
        _ = try cluster.buildIndex(
            named: "x", shards: 4, (0..<40).map { ("d\($0)", "word") })
        try cluster.startWorker("a", serving: "x", .only(shardNumbers: [0, 1, 3]))
        let client = try cluster.client()
        let outcome = try #require(await client.outcomes([Self.item("word")]).first)
        #expect {
            try outcome.get()
        } throws: { error in
            guard let failure = error as? ItemFailure, let coverage = failure.coverage else {
                return false
            }
            return failure.code == .noWorkers && failure.message.contains("x/2")
                && coverage.shards == 4 && coverage.isBalanced
        }
        await client.close()
    }

    @Test
    func `status names workers, shards and counts`() async throws {
        let cluster = try TestCluster()
        _ = try cluster.buildIndex(named: "x", shards: 2, [("a", "one"), ("b", "two")])
        try cluster.startWorker("a", serving: "x", .all)
        let client = try cluster.client()
        _ = try #require(await client.outcomes([Self.item("one")]).first).get()
        let status = try await client.status(within: .seconds(10))
        #expect(status.workers.map(\.name) == ["a"])
        #expect(status.workers.first?.state == .ready)
        #expect(status.indexes.first?.shards.map(\.workers) == [["a"], ["a"]])
        #expect(status.broker.itemsCompleted == 1)
        #expect(status.broker.itemsWaiting == 0)
        #expect(status.clients.map(\.outstandingItems) == [0])
        await client.close()
    }

    private static func item(_ text: String) -> WireItem {
        var item = WireItem()
        item.text = text
        return item
    }

    @Test func `a worker whose files are gone calls itself unhealthy and gets no tasks`()
        async throws
    {
        let cluster = try TestCluster()
        let index = try cluster.buildIndex(named: "x", shards: 1, [("a", "word")])
        try cluster.startWorker("w", serving: "x", .all)
        let client = try cluster.client()
        var item = WireItem()
        item.text = "word"
        #expect(try #require(await client.outcomes([item]).first).get().hits.count == 1)
        let segment = try #require(index.shards.first?.shard.segments.first)
        try FileCalls.rename(FilePath(segment.path), to: FilePath(segment.path + ".away"))
        var admin = WireAdmin()
        admin.configure.healthCheckMs = 100
        _ = try await client.administer(admin, within: .seconds(10))
        let deadline = ContinuousClock.now + .seconds(60)
        var worker = WireWorkerStatus()
        while worker.grade != .unhealthy, ContinuousClock.now < deadline {
            worker = try #require(try await client.status(within: .seconds(10)).workers.first)
        }
        #expect(worker.health.reasons == ["shard x/0: \(segment.path) is not there any more"])
        let outcome = try #require(await client.outcomes([item]).first)
        guard case .failure(let failure) = outcome else {
            Issue.record("an unhealthy worker has answered")
            return
        }
        #expect(failure.code == .noWorkers)
        #expect(failure.message == "no live worker serves shard x/0 ('w' is unhealthy)")
        #expect(failure.coverage?.failed == 1)
        await client.close()
    }

    @Test func `shards of one worker share what they find, and the profile shows what that saves`()
        async throws
    {
        var random = SeededRandom.forTest("shared floors")
        let cluster = try TestCluster()
        let documents = Self.documents(20_000, using: &random)
        let index = try cluster.buildIndex(named: "x", shards: 4, documents)
        try cluster.startWorker("w", serving: "x", .all)
        let client = try cluster.client()
        var settings = WireSubmit()
        settings.profile = true
        settings.documents = .none
        settings.countUpTo = 0
        var postings: (shared: UInt64, alone: UInt64) = (0, 0)
        for text in Self.queries(20, using: &random) {
            let item = Self.item(text)
            let expected = try index.search(try index.parse(item.text), limit: 10)
            settings.allowPartial = false
            let shared = try #require(await client.outcomes([item], settings).first).get()
            settings.allowPartial = true
            let alone = try #require(await client.outcomes([item], settings).first).get()
            for answer in [shared, alone] {
                #expect(
                    answer.hits.map(\.id)
                        == expected.hits.map { String(decoding: $0.hit.id, as: UTF8.self) })
                #expect(answer.hits.map(\.score) == expected.hits.map(\.hit.score))
            }
            #expect(alone.meta.profile.tasks.allSatisfy { $0.floor == 0 })
            postings.shared += shared.meta.profile.tasks.reduce(0) { $0 + $1.scoredPostings }
            postings.alone += alone.meta.profile.tasks.reduce(0) { $0 + $1.scoredPostings }
        }
        #expect(postings.shared < postings.alone, "\(postings)")
        print("postings scored with shared floors: \(postings.shared), without: \(postings.alone)")
        await client.close()
    }
}
