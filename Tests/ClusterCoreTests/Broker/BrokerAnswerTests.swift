import SearchIndex
import Testing
import WireProtocol

@testable import ClusterCore

/// From REPLY to RESULT: merging, fetching, chunks, the ledger, and workers that answer wrongly.
struct BrokerAnswerTests {
    /// A broker with one worker a shard, and a client that has submitted one item.
    private func bench(
        shards: UInt32, documents: WireDocuments = .none, limit: UInt32 = 10, offset: UInt32 = 0
    ) -> (bench: BrokerHarness, workers: [PeerID], client: PeerID) {
        let bench = BrokerHarness()
        let workers = (0..<shards).map { bench.worker("w\($0)", of: shards, shards: [$0]) }
        let client = bench.client()
        bench.submit(["a"], from: client) {
            $0.documents = documents
            $0.limit = limit
            $0.offset = offset
        }
        return (bench, workers, client)
    }

    @Test func `hits of all shards are merged, offset and limit taken from the merged list`() throws
    {
        let (bench, workers, client) = bench(shards: 2, limit: 2, offset: 1)
        for (position, worker) in workers.enumerated() {
            let task = try #require(try bench.tasks(worker).first)
            #expect(task.task.k == 3)
            let hits = (0..<3).map {
                TestHit(
                    id: "\(position)\($0)", score: Float(3 - $0), key: UInt64(position * 10 + $0))
            }
            bench.reply([task.number], hits, from: worker)
        }
        let result = try #require(try bench.results(client).first)
        #expect(result.ids == ["10", "01"])
        #expect(result.meta.totalHits == 6)
        #expect(result.meta.coverage.shards == 2 && result.meta.coverage.ok == 2)
        #expect(result.documents.isEmpty)
        #expect(bench.isEmpty)
    }

    @Test func `the documents of the winners are fetched, and stand in the order of the hits`()
        throws
    {
        let (bench, workers, client) = bench(shards: 2, documents: .source)
        for (position, worker) in workers.enumerated() {
            let task = try #require(try bench.tasks(worker).first)
            #expect(!task.task.options.documents)
            let hit = TestHit(id: "d\(position)", score: Float(position), key: UInt64(position))
            bench.reply([task.number], [hit], from: worker)
        }
        for (position, worker) in workers.enumerated() {
            let fetch = try #require(try bench.fetches(worker).first)
            #expect(fetch.orderKeys == [UInt64(position)])
            bench.fetched(fetch.task, ["{\"n\":\(position)}"], from: worker)
        }
        let result = try #require(try bench.results(client).first)
        #expect(result.ids == ["d1", "d0"])
        #expect(result.documents == #"[{"n":1},{"n":0}]"#)
        #expect(bench.isEmpty)
    }

    @Test func `a worker lost between search and fetch costs its part only`() throws {
        let (bench, workers, client) = bench(shards: 2, documents: .source)
        let spare = bench.worker("spare", of: 2, shards: [0])
        for (position, worker) in workers.enumerated() {
            let task = try #require(try bench.tasks(worker).first)
            let hit = TestHit(id: "d\(position)", key: UInt64(position))
            bench.reply([task.number], [hit], from: worker)
        }
        let other = try #require(try bench.fetches(workers[1]).first)
        bench.unreachable(workers[0])
        let again = try #require(try bench.tasks(spare).first)
        #expect(try bench.cancelled(workers[1]) == [other.task])
        bench.fail(other.task, .cancelled, from: workers[1])
        bench.reply([again.number], [TestHit(id: "d0", key: 0)], from: spare)
        bench.fetched(try #require(try bench.fetches(spare).first).task, ["0"], from: spare)
        let fetch = try #require(try bench.fetches(workers[1]).first)
        bench.fetched(fetch.task, ["1"], from: workers[1])
        #expect(try bench.results(client).map(\.documents) == ["[0,1]"])
        #expect(try bench.done(client).map(\.resent) == [1])
        #expect(bench.isEmpty)
    }

    @Test func `a worker lost with several fetches of an item repeats one search`() throws {
        let bench = BrokerHarness()
        let both = bench.worker("both", of: 2, shards: [0, 1])
        let client = bench.client()
        bench.submit(["q"], from: client) { $0.documents = .source }
        for task in try bench.tasks(both) {
            let key = UInt64(task.task.shard)
            bench.reply([task.number], [TestHit(id: "d\(key)", key: key)], from: both)
        }
        #expect(try bench.fetches(both).count == 2)
        let spare = bench.worker("spare", of: 2, shards: [0, 1])
        bench.unreachable(both)
        let again = try bench.tasks(spare)
        #expect(again.map(\.task.shard) == [0])
        bench.reply(again.map(\.number), [TestHit(id: "d0", key: 0)], from: spare)
        for fetch in try bench.fetches(spare) {
            bench.fetched(fetch.task, ["\(fetch.shard)"], from: spare)
        }
        #expect(try bench.results(client).map(\.documents) == ["[0,1]"])
        #expect(bench.isEmpty)
    }

    @Test func `one shard sends its documents with the hits`() throws {
        let (bench, workers, client) = bench(shards: 1, documents: .source, offset: 1)
        let task = try #require(try bench.tasks(workers[0]).first)
        #expect(task.task.options.documents && task.task.options.first == 1)
        let hits = [TestHit(id: "x", score: 2, key: 0), TestHit(id: "y", key: 1)]
        bench.reply([task.number], hits, documents: ["7"], from: workers[0])
        let result = try #require(try bench.results(client).first)
        #expect(result.ids == ["y"] && result.documents == "[7]")
    }

    @Test func `an offset beyond the hits gives an empty answer with the total`() throws {
        let (bench, workers, client) = bench(shards: 1, documents: .source, offset: 5)
        let task = try #require(try bench.tasks(workers[0]).first)
        bench.reply([task.number], [TestHit(id: "x", key: 0)], from: workers[0])
        let result = try #require(try bench.results(client).first)
        #expect(result.ids.isEmpty && result.meta.totalHits == 1 && result.isFinal)
        #expect(result.documents == "[]")
    }

    @Test func `a long answer comes in chunks, and only the last is FINAL`() throws {
        let (bench, workers, client) = bench(shards: 1, documents: .source)
        let task = try #require(try bench.tasks(workers[0]).first)
        let hits = (0..<10).map { TestHit(id: "d\($0)", key: UInt64($0)) }
        let document = "\"" + String(repeating: "x", count: 100_000) + "\""
        bench.reply(
            [task.number], hits, documents: Array(repeating: document, count: 10), from: workers[0])
        let chunks = try bench.results(client)
        #expect(chunks.map(\.ids.count) == [2, 2, 2, 2, 2])
        #expect(chunks.map(\.meta.firstHit) == [0, 2, 4, 6, 8])
        #expect(chunks.map(\.isFinal) == [false, false, false, false, true])
        #expect(chunks.map(\.meta.hasCoverage) == [false, false, false, false, true])
    }

    @Test func `documents over the limit are TOO_LARGE`() throws {
        let bench = BrokerHarness { $0.maxDocumentBytes = 10 }
        let worker = bench.worker("w")
        let client = bench.client()
        bench.submit(["a"], from: client) { $0.documents = .source }
        let task = try #require(try bench.tasks(worker).first)
        bench.reply(
            [task.number], [TestHit(id: "x", key: 0)], documents: ["\"123456789\""], from: worker)
        #expect(try bench.failures(client).map(\.code) == [.tooLarge])
        #expect(bench.isEmpty)
    }

    @Test func `a REPLY with wrong lengths fails its tasks and no others`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let client = bench.client()
        bench.submit(["a", "b"], from: client)
        let tasks = try bench.tasks(worker).map(\.number)
        var result = WireTaskResult()
        result.task = tasks[0]
        result.hits = 3
        var meta = WireReplyMeta()
        meta.tasks = [result]
        bench.deliver(Header(.reply, epoch: BrokerHarness.epoch), meta, from: worker)
        #expect(try bench.failures(client).map(\.code) == [.internal])
        bench.reply([tasks[1]], from: worker)
        #expect(try bench.done(client).map(\.completed) == [1])
        #expect(bench.isEmpty)
    }

    @Test func `an unknown task takes its part of the frames all the same`() throws {
        let (bench, workers, client) = bench(shards: 1)
        let task = try #require(try bench.tasks(workers[0]).first).number
        var frames: [Frame] = [[], []]
        var meta = WireReplyMeta()
        for (number, id) in [(task + 1_000, "wrong"), (task, "right")] {
            var result = WireTaskResult()
            result.task = number
            result.hits = 1
            meta.tasks.append(result)
            let packed = PackedHit(
                sortKey: 1, orderKey: 1, idOffset: UInt32(frames[1].count), idLength: 5)
            PackedHits.append(packed, to: &frames[0])
            frames[1] += Array(id.utf8)
        }
        bench.deliver(
            Header(.reply, epoch: BrokerHarness.epoch), meta, body: frames, from: workers[0])
        #expect(try bench.results(client).map(\.ids) == [["right"]])
        #expect(bench.status.broker.staleReplies == 1)
    }

    @Test func `FETCHED for a search, and REPLY for a fetch, fail the item at once`() throws {
        let (bench, workers, client) = bench(shards: 2, documents: .source)
        let first = try #require(try bench.tasks(workers[0]).first).number
        bench.fetched(first, ["x"], from: workers[0])
        #expect(try bench.failures(client).map(\.code) == [.internal])
        bench.submit(["b"], as: 2, from: client) { $0.documents = .source }
        for worker in workers {
            let task = try #require(try bench.tasks(worker).last).number
            bench.reply([task], [TestHit(id: "x", key: 0)], from: worker)
        }
        let fetch = try #require(try bench.fetches(workers[0]).first).task
        bench.reply([fetch], from: workers[0])
        #expect(try bench.failures(client).map(\.code) == [.internal])
    }

    @Test(arguments: [["1"], ["1", "2", "3"]])
    func `the wrong number of fetched documents fails the item`(documents: [String]) throws {
        let (bench, workers, client) = bench(shards: 2, documents: .source)
        for worker in workers {
            let task = try #require(try bench.tasks(worker).first).number
            let hits = [TestHit(id: "x", key: 0), TestHit(id: "y", key: 1)]
            bench.reply([task], worker == workers[0] ? hits : [], from: worker)
        }
        let fetch = try #require(try bench.fetches(workers[0]).first).task
        bench.fetched(fetch, documents, from: workers[0])
        #expect(try bench.failures(client).map(\.code) == [.internal])
        #expect(bench.isEmpty)
    }

    @Test func `a message of another epoch counts for nothing`() throws {
        let (bench, workers, client) = bench(shards: 1)
        let task = try #require(try bench.tasks(workers[0]).first).number
        var result = WireTaskResult()
        result.task = task
        var meta = WireReplyMeta()
        meta.tasks = [result]
        bench.deliver(Header(.reply, epoch: 1), meta, from: workers[0])
        #expect(bench.take(client, .result).isEmpty)
        #expect(bench.take(workers[0], .unknownPeer).count == 1)
    }

    @Test func `queries that are too large for one CALL go in several`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let client = bench.client()
        let term = String(repeating: "x", count: 3 << 20)
        for request in 1...3 {
            var item = WireItem()
            item.query = Query.term(TermQuery(field: "text", term: Array(term.utf8))).wire
            bench.endsTurns = request == 3
            bench.deliver(
                Header(.submit, id: UInt64(request), epoch: 7), WireSubmit(),
                body: [WireCodec.protobuf.encodeOwn(item)], from: client)
        }
        let calls = bench.take(worker, .call)
        #expect(try calls.map { try $0.body(0, as: WireQueries.self).queries.count } == [2, 1])
        #expect(
            try calls.map { try $0.meta(WireCallMeta.self).tasks.map(\.query) } == [[0, 1], [0]])
    }

    @Test func `a CALL carries each query once, and all shards of a worker`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w", of: 3, shards: [0, 1, 2])
        let client = bench.client()
        bench.submit(["a", "b"], from: client)
        let calls = bench.take(worker, .call)
        #expect(calls.count == 1)
        let call = try #require(calls.first)
        #expect(call.bodyCount == 1)
        #expect(try call.body(0, as: WireQueries.self).queries.count == 2)
        let meta: WireCallMeta = try call.meta()
        #expect(meta.tasks.count == 6)
        #expect(meta.tasks.count { $0.query == 0 } == 3)
    }

    @Test func `a shard that nobody serves is NO_WORKERS within 2 s, by name`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w", of: 2, shards: [0])
        let client = bench.client()
        bench.submit(["a"], from: client)
        bench.reply(try bench.tasks(worker).map(\.number), from: worker)
        bench.advance(.milliseconds(1_700))
        #expect(bench.take(client, .failed).isEmpty)
        bench.advance(.milliseconds(300))
        let failure = try #require(try bench.failures(client).first)
        #expect(failure.code == .noWorkers && failure.message.contains("i/1"))
        #expect(failure.coverage.isBalanced && failure.coverage.shards == 2)
        #expect(failure.coverage.ok == 1 && failure.coverage.failed == 1)
        #expect(failure.coverage.reports.map(\.shard) == [0, 1])
        #expect(bench.isEmpty)
    }

    @Test func `an index nobody knows is waited for, then NOT_FOUND`() throws {
        let bench = BrokerHarness()
        let client = bench.client()
        bench.submit(["a"], from: client) { $0.indexes = ["i"] }
        bench.submit(["a"], as: 2, from: client) { $0.indexes = ["nowhere"] }
        let worker = bench.worker("w")
        bench.reply(try bench.tasks(worker).map(\.number), from: worker)
        #expect(bench.take(client, .result).map(\.header.id) == [1])
        bench.advance(.seconds(2))
        #expect(try bench.failures(client).map(\.code) == [.notFound])
        #expect(bench.isEmpty)
    }

    @Test func `timers stay few when a wide index has nobody`() {
        let bench = BrokerHarness()
        let worker = bench.worker("w", of: 20_000, shards: [])
        let client = bench.client()
        bench.submit(["a"], from: client)
        #expect(bench.broker.timers.count <= 2)
        bench.tell(.goodbye, from: worker)
        #expect(bench.broker.timers.count <= 2)
    }

    @Test func `nothing is left of thousands of items`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let client = bench.client(window: 4_096)
        for request in 1...40 {
            bench.submit((0..<100).map { "q\($0)" }, as: UInt64(request), from: client)
            while case let tasks = try bench.tasks(worker).map(\.number), !tasks.isEmpty {
                bench.reply(tasks, from: worker)
            }
            bench.credit(100, from: client)
        }
        #expect(try bench.done(client).map(\.completed) == Array(repeating: 100, count: 40))
        #expect(bench.isEmpty)
        #expect(bench.broker.timers.count <= 1_424)
    }
}
