import SearchIndex
import SystemPackage
import TestSupport
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore
@testable import ClusterRuntime

/// Searches that a worker's own thread does.
@Suite(.timeLimit(.minutes(10)))
struct SmallSearchTests {
    private let cluster: TestCluster
    private let index: EmbeddedIndex

    /// Of 1,500 documents all hold the word `all`, a tenth the word `some`.
    init() throws {
        cluster = try TestCluster()
        index = try cluster.buildIndex(
            named: "x", shards: 1,
            (0..<1_500).map { ("d\($0)", $0 % 10 == 0 ? "all some" : "all") })
    }

    private func query(_ word: String) -> Query {
        .term(TermQuery(field: "body", term: Array(word.utf8)))
    }

    private func host() throws -> ShardHost {
        try ShardHost(dataFolder: cluster.folder.path.string, serve: [("x", .all)])
    }

    private func job(_ kind: WorkerJob.Kind) -> WorkerJob {
        WorkerJob(
            id: JobID(number: 1), shard: ServedShardKey(index: "x", shard: 0),
            deadline: .distantFuture, kind: kind)
    }

    private func search(
        _ word: String, k: Int = 10, lowest: Bool = false, sort: [SortKey] = [],
        documentsFrom: Int? = nil
    ) -> WorkerJob {
        job(
            .search(
                WorkerJob.SearchJob(
                    query: query(word), statistics: index.description.statistics, k: k,
                    lowest: lowest, sort: sort, documentsFrom: documentsFrom)))
    }

    @Test func `small are searches of few postings for few hits, without documents or sort keys`()
        throws
    {
        let host = try host()
        // Nothing is known of a shard that was not searched yet.
        #expect(!host.isSmall(search("some")))
        _ = host.perform(search("some"), control: JobControl(deadline: .distantFuture))
        #expect(host.isSmall(search("some")))
        #expect(host.isSmall(search("absent")))
        #expect(!host.isSmall(search("all")))
        #expect(host.isSmall(search("some", k: 100)))
        #expect(!host.isSmall(search("some", k: 101)))
        #expect(!host.isSmall(search("some", lowest: true)))
        #expect(!host.isSmall(search("some", sort: [SortKey(field: "size")])))
        #expect(!host.isSmall(search("some", documentsFrom: 0)))
        let statistics = index.description.statistics
        let others: [WorkerJob.Kind] = [
            .likeTerms(.init(query: query("some"), statistics: statistics)),
            .explain(
                .init(
                    query: query("some"), statistics: statistics, documentID: [100, 48],
                    limits: ExpansionLimits())),
            .fetch(.init(keys: [], form: HitForm(wantsDocument: true), query: .matchNone)),
        ]
        for other in others { #expect(!host.isSmall(job(other))) }
    }

    @Test func `a check of the shards leaves the tables of searches where they are`() throws {
        let host = try host()
        _ = host.perform(search("some"), control: JobControl(deadline: .distantFuture))
        #expect(host.probe().failures.isEmpty)
        #expect(host.isSmall(search("some")))
    }

    @Test func `a worker whose search threads do nothing answers small searches, and no others`()
        async throws
    {
        try cluster.startWorker("a", serving: "x", .all, threads: 0)
        let client = try cluster.client()
        func outcome(_ word: String, within budget: Duration) async -> ItemFailure? {
            var settings = WireSubmit()
            settings.documents = .none
            var item = WireItem()
            item.text = word
            let outcomes = await client.outcomes([item], settings, budget: budget)
            guard case .failure(let failure)? = outcomes.first else { return nil }
            return failure
        }
        // Its first check makes the tables that a search would find made.
        let deadline = ContinuousClock.now + .seconds(60)
        while try await client.status(within: .seconds(30)).workers.first?.health.checkAgeMs ?? 0
            == 0
        {
            try #require(ContinuousClock.now < deadline)
        }
        #expect(await outcome("some", within: .seconds(30)) == nil)
        #expect(await outcome("absent", within: .seconds(30)) == nil)
        #expect(await outcome("all", within: .milliseconds(200))?.code == .deadline)
        await client.close()
    }
}
