import SwiftletClient
import Testing

/// Patterns of too many terms in a cluster and in an index in process.
@Suite(.timeLimit(.minutes(5)))
struct CutPatternTests {
    private static func options(_ coverage: Double? = nil) -> SearchOptions {
        SearchOptions(
            isLenient: true, documents: false,
            partial: coverage.map { PartialAnswers(minimumCoverage: $0) })
    }

    /// The ledger of two shards in which `body:word*` was cut.
    private static let ledger = SearchCoverage(
        shards: 2, degraded: 2,
        degradations: (0..<2).map { shard in
            ShardFailure(
                index: "x", shard: shard, code: "TOO_LARGE",
                message: "pattern body:word* was cut to its first 1024 terms")
        })

    /// A ledger without what only a cluster adds, which is another each time.
    private static func withoutReports(_ coverage: SearchCoverage) -> SearchCoverage {
        var coverage = coverage
        coverage.reports = []
        return coverage
    }

    @Test
    func `a cut pattern gives a lower bound, and every shard says what was cut`() async throws {
        let folder = try DataFolder()
        try folder.buildIndex(named: "x", shards: 2, (0..<4_000).map { "word\($0) all" })
        let local = try LocalIndex(directory: "\(folder.path)/x", threads: 1)
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x")
        let found = try await [
            cluster.search("word*", options: Self.options()),
            cluster.search("word*", options: Self.options(0)),
            #require(
                await local.answers(to: [SearchRequest("word*")], options: Self.options()).first
            ).get(),
        ]
        for answer in found {
            #expect((answer.totalHits, answer.isTotalExact) == (2_048, false))
            #expect(answer.hits.count == 10)
            #expect(Self.withoutReports(answer.coverage) == Self.ledger)
            #expect(!answer.coverage.isComplete)
        }
        await cluster.stop()
    }

    @Test
    func `an answer that is to cover documents fails for a cut pattern`() async throws {
        let folder = try DataFolder()
        try folder.buildIndex(named: "x", shards: 2, (0..<4_000).map { "word\($0) all" })
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x")
        for coverage in [0.01, 1] {
            let error = await failure {
                _ = try await cluster.search("word*", options: Self.options(coverage))
            }
            #expect(error?.code == "TOO_LARGE")
            #expect(
                error?.message == "2 of 2 shards answered, with 0 of 4000 documents; min_coverage "
                    + "is \(coverage); first cause: pattern body:word* was cut to its first 1024 "
                    + "terms")
            let ledger = try #require(error?.coverage)
            #expect(Self.withoutReports(ledger) == Self.ledger)
            #expect(ledger.reports.map(\.state) == [.degraded, .degraded])
            #expect(ledger.reports.map(\.degradation) == Self.ledger.degradations)
            #expect(ledger.reports.map(\.coveredDocuments) == [0, 0])
        }
        let whole = try await cluster.search("all", options: Self.options(1))
        #expect((whole.totalHits, whole.isTotalExact) == (4_000, true))
        #expect(whole.coverage == SearchCoverage(shards: 2, ok: 2))
        await cluster.stop()
    }

    @Test
    func `a pattern that leaves documents out is not cut`() async throws {
        let folder = try DataFolder()
        try folder.buildIndex(named: "x", (0..<1_100).map { "word\($0) all" })
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x")
        let error = await failure {
            _ = try await cluster.search("all -word*", options: Self.options())
        }
        #expect(error?.code == "TOO_LARGE")
        #expect(error?.message.contains("leaves documents out") == true)
        let some = try await cluster.search("all -word10*", options: Self.options())
        #expect((some.totalHits, some.isTotalExact) == (989, true))
        await cluster.stop()
    }
}
