import ClusterRuntime
import SwiftletClient
import Testing
import WireMessages
import ZeroMQ

/// The ledger of an answer: what became of every shard asked.
@Suite(.timeLimit(.minutes(5))) struct StartingLedgerTests {
    /// Of the three shards of `StartingCorpus`, the documents.
    private static let documents: [UInt64] = [2, 7, 3]

    private static func answered(_ shard: Int, by worker: String, isHedged: Bool = false)
        -> ShardReport
    {
        ShardReport(
            index: "x", shard: UInt32(shard), state: .ok, worker: worker, generation: 1,
            liveDocuments: documents[shard], coveredDocuments: documents[shard],
            attempts: isHedged ? 2 : 1, isHedged: isHedged)
    }

    /// Of a shard that no worker has ever announced, so that its documents are not known.
    private static func failed(_ code: String, _ message: String) -> ShardReport {
        ShardReport(
            index: "x", shard: 2, state: .failed,
            failure: ShardFailure(index: "x", shard: 2, code: code, message: message))
    }

    /// The reports with times of zero, which no test can know; each must be one of the shard's answer.
    private func timeless(_ coverage: SearchCoverage?) throws -> [ShardReport] {
        try #require(coverage).reports.map { report in
            #expect((report.took > .zero) == (report.worker != nil))
            var report = report
            report.took = .zero
            return report
        }
    }

    private var options: SearchOptions {
        var options = SearchOptions()
        options.ledger = true
        return options
    }

    @Test func `it lists every shard with worker, generation, documents and attempts, if asked`()
        async throws
    {
        try await StartingCluster.run(workers: ["a"]) { starting in
            try await starting.client.configure(ClusterSettings(hedging: false))
            for documents in [true, false] {
                var options = options
                options.documents = documents
                let full = try await starting.client.search("title:rust", options: options)
                #expect(
                    try timeless(full.coverage) == (0..<3).map { Self.answered($0, by: "a") })
                #expect(full.coverage.failures == [])
                options.ledger = false
                let short = try await starting.client.search("title:rust", options: options)
                #expect(short.coverage == SearchCoverage(shards: 3, ok: 3))
                #expect(short.hits == full.hits)
            }
        }
    }

    @Test func `every answer of a batch has its own`() async throws {
        try await StartingCluster.run(workers: ["a"]) { starting in
            try await starting.client.configure(ClusterSettings(hedging: false))
            let answers = await starting.client.answers(
                to: ["title:rust", "title:web"].map { SearchRequest($0) }, options: options)
            for answer in answers {
                #expect(
                    try timeless(answer.get().coverage)
                        == (0..<3).map { Self.answered($0, by: "a") })
            }
        }
    }

    @Test func `a shard without a worker is listed with code and reason, asked or not`()
        async throws
    {
        try await StartingCluster.run(workers: []) { starting in
            try starting.cluster.startWorker("a", serving: "x", .only(shardNumbers: [0, 1]))
            try await starting.status("the worker to join") { $0.ready == ["a"] }
            try await starting.client.configure(ClusterSettings(hedging: false))
            let reason = "no live worker serves shard x/2"
            let options = SearchOptions(partial: PartialAnswers())
            let partial = try await starting.client.search("title:rust", options: options)
            let expected =
                (0..<2).map { Self.answered($0, by: "a") } + [Self.failed("NO_WORKERS", reason)]
            #expect(try timeless(partial.coverage) == expected)
            #expect(partial.coverage.failures == expected.compactMap(\.failure))
            let none = await failure { try await starting.client.search("title:rust") }
            #expect(none?.code == "NO_WORKERS")
            #expect(try timeless(none?.coverage).last == Self.failed("NO_WORKERS", reason))
        }
    }

    @Test func `a shard that was hedged says so, and who answered`() async throws {
        try await StartingCluster.run(workers: ["a"]) { starting in
            let silent = try starting.cluster.startSilentWorker("s", serving: "x", .all)
            defer { _ = silent.inbox.post(.stop) }
            try await starting.status("the silent worker to join") { $0.ready == ["a", "s"] }
            try await starting.client.configure(ClusterSettings(loadBalancing: .roundRobin))
            var hedged = 0
            for _ in 0..<2 {
                let answer = try await starting.client.search("title:web", options: options)
                let reports = try timeless(answer.coverage)
                for (shard, report) in reports.enumerated() {
                    #expect(
                        report == Self.answered(shard, by: "a", isHedged: report.isHedged))
                    if report.isHedged { hedged += 1 }
                }
                #expect(answer.coverage.hedged == UInt32(reports.count(where: \.isHedged)))
            }
            #expect(hedged > 0)
        }
    }
}
