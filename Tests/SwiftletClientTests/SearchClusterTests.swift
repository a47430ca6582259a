import SearchIndex
import SwiftletClient
import TestSupport
import Testing

/// Searching in a cluster within this process.
@Suite(.timeLimit(.minutes(5)))
struct SearchClusterTests {
    private static func texts(_ count: Int, _ random: inout SeededRandom) -> [String] {
        (0..<count).map { _ in
            (0..<Int.random(in: 1...9, using: &random)).map { _ in
                "w\(Int.random(in: 0..<30, using: &random))"
            }.joined(separator: " ")
        }
    }

    @Test
    func `answers are those of the index in process, bit for bit`() async throws {
        var random = SeededRandom.forTest("search cluster")
        let folder = try DataFolder()
        let index = try folder.buildIndex(named: "x", shards: 3, Self.texts(400, &random))
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNodes(["a", "b"].map { NewNode($0, endpoint: "local://x") })
        let queries = (0..<60).map { "w\($0 % 30) w\(($0 * 7) % 31)" }
        var answered = 0
        for await (position, answer) in cluster.batch(queries.map { SearchRequest($0) }) {
            let expected = try index.search(try index.parse(queries[position]), limit: 10)
            let hits = try answer.get().hits
            #expect(hits.map(\.score) == expected.hits.map(\.hit.score))
            #expect(hits.map(\.orderKey) == expected.hits.map(\.hit.orderKey.rawValue))
            #expect(try hits.map(\.document) == expected.hits.map { try index.document(of: $0) })
            #expect(try answer.get().totalHits == expected.totalHits)
            answered += 1
        }
        #expect(answered == queries.count)
        await cluster.stop()
    }

    @Test
    func `limit and offset cut the merged list, and ten hits come without them`() async throws {
        let folder = try DataFolder()
        try folder.buildIndex(named: "x", shards: 4, (0..<40).map { "word \($0)" })
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x")
        let first = try await cluster.simpleSearch("word")
        #expect(first.hits.map(\.id) == (0..<10).map { "d\($0)" })
        #expect(first.totalHits == 40)
        let third = try await cluster.search("word", limit: 5, offset: 10)
        #expect(third.hits.map(\.id) == (10..<15).map { "d\($0)" })
        let last = try await cluster.simpleSearch("word", limit: 10, offset: 38)
        #expect(last.hits.map(\.id) == ["d38", "d39"])
        let lowest = try await cluster.search(
            "word", limit: 3, options: SearchOptions(documents: false))
        #expect(lowest.hits.map(\.document) == [nil, nil, nil])
        await cluster.stop()
    }

    @Test
    func `a bad query fails with its position, and the next is answered`() async throws {
        let folder = try DataFolder()
        try folder.buildIndex(named: "x", ["one"])
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x")
        let error = await failure { _ = try await cluster.search("(one") }
        #expect(
            error
                == SearchError(
                    code: "BAD_REQUEST",
                    message: "query: query error at byte 0: the parenthesis is not closed",
                    positionBytes: 0))
        #expect(try await cluster.search("one").hits.map(\.id) == ["d0"])
        await cluster.stop()
    }

    @Test
    func `clusters of different names live beside each other`() async throws {
        let folders = try [DataFolder(), DataFolder()]
        try folders[0].buildIndex(named: "x", ["shared", "only here"])
        try folders[1].buildIndex(named: "x", ["shared"])
        let first = try await SearchCluster.started("first", in: folders[0])
        let second = try await SearchCluster.started("second", in: folders[1])
        try await first.addNode("a", endpoint: "local://x")
        try await second.addNode("a", endpoint: "local://x")
        #expect(try await first.search("shared here").totalHits == 2)
        #expect(try await second.search("shared here").totalHits == 1)
        #expect(try await first.clusterStatistics().name == "first")
        #expect(try await second.clusterStatistics().searches.total == 1)
        await first.stop()
        #expect(try await second.search("shared").hits.map(\.id) == ["d0"])
        await second.stop()
    }

    @Test
    func `without active nodes a search fails at once, and says so`() async throws {
        let folder = try DataFolder()
        try folder.buildIndex(named: "x", ["one"])
        let cluster = try await SearchCluster.started(in: folder)
        let start = ContinuousClock.now
        let none = await failure { _ = try await cluster.search("one") }
        #expect(none?.description == "NO_WORKERS: no worker has joined this broker")
        try await cluster.addNode("a", endpoint: "local://x")
        try await cluster.setNode("a", isActive: false)
        let inactive = await failure {
            _ = try await cluster.search("one")
        }
        let reason = "no live worker serves shard x/0 ('a' is inactive)"
        #expect(inactive?.description == "NO_WORKERS: \(reason)")
        #expect(
            inactive?.coverage?.failures == [
                ShardFailure(index: "x", shard: 0, code: "NO_WORKERS", message: reason)
            ])
        // The budget of each search is ten seconds.
        #expect(start.duration(to: .now) < .seconds(8))
        try await cluster.setNode("a", isActive: true)
        #expect(try await cluster.search("one").hits.map(\.id) == ["d0"])
        await cluster.stop()
    }
}
