import ClusterCore
import ClusterRuntime
import SearchIndex
import TestSupport
import Testing
import WireMessages

/// Every merge strategy in a cluster, compared with what a full list of the index in process says.
@Suite(.timeLimit(.minutes(5)))
struct ClusterMergeTests {
    /// What a strategy makes of all hits of one index, best first, each with its shard.
    private static func expected(_ hits: [ShardHit], by strategy: MergeStrategy) -> [ShardHit] {
        let shards = Dictionary(grouping: hits, by: \.shard.rawValue)
        let ordered = shards.keys.sorted().map { shards[$0] ?? [] }
        switch strategy {
        case .scoreDescending, .reciprocalRankFusion: return hits
        case .scoreAscending:
            return hits.sorted {
                ($0.hit.score, $0.hit.orderKey) < ($1.hit.score, $1.hit.orderKey)
            }
        case .nodeOrder: return ordered.flatMap(\.self)
        case .roundRobin:
            return (0..<hits.count).flatMap { rank in
                ordered.compactMap { $0.indices.contains(rank) ? $0[rank] : nil }
            }
        }
    }

    @Test(arguments: MergeStrategy.allCases)
    func `hits, scores and documents of every page are those of the full list`(
        strategy: MergeStrategy
    ) async throws {
        var random = SeededRandom.forTest("cluster merges")
        let corpus = try ResultCorpus(documents: 300, using: &random)
        let cluster = try TestCluster()
        let index = try cluster.buildIndex(
            named: "x", shards: 4, schema: corpus.schema, lines: corpus.lines)
        try cluster.startWorker("a", serving: "x", .all)
        let client = try cluster.client()
        for _ in 0..<20 {
            var item = WireItem()
            item.text = ResultCorpus.text(&random)
            let all = try index.search(try index.parse(item.text), limit: 1_000)
            item.limit = UInt32.random(in: 1...40, using: &random)
            item.offset = UInt32.random(in: 0...40, using: &random)
            let page = Self.expected(all.hits, by: strategy)
                .dropFirst(Int(item.offset)).prefix(Int(item.limit))
            var settings = WireSubmit()
            settings.merge = strategy.wire
            let answer = try #require(await client.outcomes([item], settings).first).get()
            #expect(
                answer.hits.map(\.id) == page.map { String(decoding: $0.hit.id, as: UTF8.self) },
                "\(item.text)")
            let scores =
                strategy == .reciprocalRankFusion
                ? page.indices.map { 1 / Float(61 + $0) } : page.map(\.hit.score)
            #expect(answer.hits.map(\.score) == scores)
            #expect(answer.meta.totalHits == all.totalHits)
            #expect(try answer.documents.map { Array($0) } == page.map(index.document))
        }
        await client.close()
    }
}
