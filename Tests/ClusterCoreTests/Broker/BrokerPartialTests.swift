import Testing
import WireProtocol

@testable import ClusterCore

/// Answers that may lack shards.
struct BrokerPartialTests {
    private let harness = BrokerHarness()

    /// Submits one query on an index of two shards with a worker each.
    private func ask(
        budget: UInt32 = 1_000, documents: WireDocuments = .none, coverage: Double = 0
    ) -> (client: PeerID, workers: [PeerID]) {
        let workers = [0, 1].map { harness.worker("w\($0)", of: 2, shards: [UInt32($0)]) }
        let client = harness.client()
        harness.submit(["a"], from: client, budget: budget) {
            $0.documents = documents
            $0.allowPartial = true
            $0.minCoverage = coverage
        }
        return (client, workers)
    }

    private func answer(_ worker: PeerID, id: String = "x") throws {
        let tasks = try harness.tasks(worker).map(\.number)
        harness.reply(tasks, [TestHit(id: id, key: 1)], from: worker) { $0.coveredDocuments = 5 }
    }

    /// The only RESULT that a client was sent, with its hits.
    private func result(
        _ client: PeerID
    ) throws -> (header: Header, meta: WireResultMeta, ids: [String]) {
        let messages = harness.take(client, .result)
        try #require(messages.count == 1)
        let hits: WireHits = try messages[0].body(0)
        return (messages[0].header, try messages[0].meta(), hits.hits.map(\.id))
    }

    private func check(_ client: PeerID, lacksShard shard: UInt32, _ cause: WireErrorCode) throws {
        let (header, meta, ids) = try result(client)
        #expect(header.flags.contains(.partial))
        #expect(ids == ["x"])
        #expect(meta.totalHits == 1)
        #expect(meta.totalRelation == .atLeast)
        #expect(meta.coverage.isBalanced)
        #expect(meta.coverage.ok == 1)
        #expect(meta.coverage.failed == 1)
        let failed = meta.coverage.reports.filter { $0.state == .shardFailed }
        #expect(failed.map(\.shard) == [shard])
        #expect(failed.map(\.cause) == [cause])
        #expect(try harness.done(client).map(\.completed) == [1])
        #expect(harness.isEmpty)
    }

    @Test func `numbers of documents that a worker makes up end nothing and cover nothing more`()
        throws
    {
        let workers = (0..<3).map { number in
            var index = BrokerHarness.index(of: 3, shards: [UInt32(number)])
            index.shards[0].liveDocuments = .max - UInt64(number)
            return harness.worker("w\(number)", [index])
        }
        let client = harness.client()
        harness.submit(["a"], from: client) {
            $0.documents = .none
            $0.allowPartial = true
            $0.minCoverage = 0.5
        }
        try harness.fail(harness.tasks(workers[2])[0].number, .internal, from: workers[2])
        for worker in workers.prefix(2) {
            harness.reply(try harness.tasks(worker).map(\.number), from: worker) {
                $0.coveredDocuments = .max
            }
        }
        #expect(try result(client).meta.coverage.ok == 2)
        let small = BrokerHarness()
        let pair = [0, 1].map { small.worker("w\($0)", of: 2, shards: [UInt32($0)]) }
        let other = small.client()
        small.submit(["a"], from: other) {
            $0.documents = .none
            $0.allowPartial = true
            $0.minCoverage = 0.9
        }
        try small.fail(small.tasks(pair[1])[0].number, .internal, from: pair[1])
        small.reply(try small.tasks(pair[0]).map(\.number), from: pair[0]) {
            $0.coveredDocuments = 1_000
        }
        #expect(try small.failures(other).count == 1, "5 of 10 documents are covered, not 1000")
    }

    @Test func `a coverage that is just as much as was asked is enough`() throws {
        let workers = (0..<20).map { harness.worker("w\($0)", of: 20, shards: [UInt32($0)]) }
        let client = harness.client()
        harness.submit(["a"], from: client) {
            $0.documents = .none
            $0.allowPartial = true
            $0.minCoverage = 0.55
        }
        for (number, worker) in workers.enumerated() {
            let tasks = try harness.tasks(worker).map(\.number)
            if number < 11 {
                harness.reply(tasks, from: worker) { $0.coveredDocuments = 5 }
            } else {
                harness.fail(tasks[0], .internal, from: worker)
            }
        }
        #expect(try result(client).meta.coverage.ok == 11)
    }

    @Test func `a shard that fails is given up, and the others' answer is given`() throws {
        let (client, workers) = ask()
        try harness.fail(harness.tasks(workers[1])[0].number, .internal, from: workers[1])
        try answer(workers[0])
        try check(client, lacksShard: 1, .internal)
    }

    @Test func `a shard that does not answer is given up before the budget ends`() throws {
        let (client, workers) = ask()
        try answer(workers[0])
        let late = try harness.tasks(workers[1]).map(\.number)
        harness.advance(.milliseconds(950))
        #expect(harness.take(client, .result).isEmpty)
        harness.advance(.milliseconds(45))
        #expect(try harness.cancelled(workers[1]) == late)
        harness.reply(late, [TestHit(id: "late", key: 2)], from: workers[1])
        try check(client, lacksShard: 1, .deadline)
    }

    @Test func `there is time left for the documents of the shards that have answered`() throws {
        let (client, workers) = ask(documents: .source)
        try answer(workers[0])
        harness.advance(.milliseconds(950))
        let fetch = try #require(harness.fetches(workers[0]).first)
        harness.fetched(fetch.task, [#"{"id":"x"}"#], from: workers[0])
        // The cancelled task still holds its credit.
        try harness.fail(harness.tasks(workers[1])[0].number, .cancelled, from: workers[1])
        try check(client, lacksShard: 1, .deadline)
    }

    @Test func `a shard whose documents are lost is given up, and the rest merged anew`() throws {
        let (client, workers) = ask(documents: .source)
        try answer(workers[0])
        try answer(workers[1], id: "y")
        let first = try #require(harness.fetches(workers[0]).first)
        harness.unreachable(workers[1])
        harness.advance(.milliseconds(950))
        #expect(try harness.cancelled(workers[0]) == [first.task])
        harness.fetched(first.task, [#"{"id":"x"}"#], from: workers[0])
        let second = try #require(harness.fetches(workers[0]).first)
        harness.fetched(second.task, [#"{"id":"x"}"#], from: workers[0])
        try check(client, lacksShard: 1, .noWorkers)
    }

    @Test func `a shard without a worker is given up after the wait for one`() throws {
        let worker = harness.worker("w", of: 2, shards: [0])
        let client = harness.client()
        harness.submit(["a"], from: client) {
            $0.documents = .none
            $0.allowPartial = true
            $0.minCoverage = 0.5
        }
        try answer(worker)
        harness.advance(.milliseconds(1_750))
        #expect(harness.take(client, .result).isEmpty)
        harness.advance(.milliseconds(100))
        try check(client, lacksShard: 1, .noWorkers)
    }

    @Test(arguments: [(0.5, true), (0.51, false)])
    func `an answer that covers less than was asked is a failure`(
        coverage: Double, isEnough: Bool
    ) throws {
        let (client, workers) = ask(coverage: coverage)
        try harness.fail(harness.tasks(workers[1])[0].number, .internal, from: workers[1])
        try answer(workers[0])
        if isEnough { return try check(client, lacksShard: 1, .internal) }
        let failure = try #require(harness.failures(client).first)
        #expect(failure.code == .internal)
        #expect(failure.message.contains("5 of 10 documents; min_coverage is 0.51"))
        #expect(failure.coverage.isBalanced)
        #expect(failure.coverage.ok == 1)
        #expect(harness.isEmpty)
    }

    @Test(arguments: [(0, nil), (0.5, nil), (0.51, "0.51"), (1, "1.0")] as [(Double, String?)])
    func `a shard that cut a pattern covers only the documents that it says`(
        coverage: Double, refused: String?
    ) throws {
        let (client, workers) = ask(coverage: coverage)
        try answer(workers[0])
        harness.reply(try harness.tasks(workers[1]).map(\.number), from: workers[1]) {
            $0.degraded = true
            $0.degradedReason = "pattern text:a* was cut to its first 1024 terms"
        }
        guard let refused else {
            let (header, meta, ids) = try result(client)
            // No shard is missing.
            #expect(!header.flags.contains(.partial))
            #expect(ids == ["x"])
            #expect((meta.totalHits, meta.totalRelation) == (1, .atLeast))
            #expect((meta.coverage.ok, meta.coverage.degraded) == (1, 1))
            return
        }
        let failure = try #require(harness.failures(client).first)
        #expect(failure.code == .tooLarge)
        #expect(!failure.retryable)
        #expect(
            failure.message == "2 of 2 shards answered, with 5 of 10 documents; min_coverage is "
                + "\(refused); first cause: pattern text:a* was cut to its first 1024 terms")
        #expect((failure.coverage.ok, failure.coverage.degraded) == (1, 1))
        #expect(harness.isEmpty)
    }

    @Test func `a shard that failed is the cause before one that cut a pattern`() throws {
        let (client, workers) = ask(coverage: 1)
        harness.reply(try harness.tasks(workers[0]).map(\.number), from: workers[0]) {
            $0.degraded = true
        }
        try harness.fail(harness.tasks(workers[1])[0].number, .internal, from: workers[1])
        let failure = try #require(harness.failures(client).first)
        #expect(failure.code == .internal)
        #expect((failure.coverage.degraded, failure.coverage.failed) == (1, 1))
    }

    @Test func `without an answer of any shard the item fails`() throws {
        let (client, workers) = ask()
        for worker in workers {
            try harness.fail(harness.tasks(worker)[0].number, .internal, from: worker)
        }
        #expect(try harness.failures(client).map(\.code) == [.internal])
        #expect(harness.isEmpty)
    }

    @Test func `an error of the query fails the item, whatever it may lack`() throws {
        let (client, workers) = ask()
        try answer(workers[0])
        try harness.fail(harness.tasks(workers[1])[0].number, .tooLarge, from: workers[1])
        #expect(try harness.failures(client).map(\.code) == [.tooLarge])
    }

    @Test(arguments: [(true, 1.5), (true, -0.1), (true, .nan), (false, 0.5)])
    func `a coverage out of range, or without leave, is refused`(
        allows: Bool, coverage: Double
    ) throws {
        _ = harness.worker("w")
        let client = harness.client()
        harness.submit(["a"], from: client) {
            $0.allowPartial = allows
            $0.minCoverage = coverage
        }
        let failure = try #require(harness.failures(client).first)
        #expect(failure.code == .badRequest)
        #expect(failure.message.contains("min_coverage"))
    }
}
