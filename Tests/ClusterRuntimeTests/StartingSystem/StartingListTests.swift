import ClusterRuntime
import SearchIndex
import SwiftletClient
import Testing

/// Pages, merge strategies and the form of what is found.
@Suite(.timeLimit(.minutes(5))) struct StartingListTests {
    private static let query = "rust programming"

    /// What each strategy makes of `query` on three shards: the first holds elixir-guide and
    /// concepts-advanced, the third both.
    private static let merged: [(MergeStrategy, [String])] = [
        (
            .scoreDescending,
            [
                "both", "rust-action", "elixir-guide", "erlang-systems", "rust-advanced",
                "concepts-advanced",
            ]
        ),
        (
            .scoreAscending,
            [
                "concepts-advanced", "rust-advanced", "erlang-systems", "elixir-guide",
                "rust-action", "both",
            ]
        ),
        (
            .nodeOrder,
            [
                "elixir-guide", "concepts-advanced", "rust-action", "erlang-systems",
                "rust-advanced", "both",
            ]
        ),
        (
            .roundRobin,
            [
                "elixir-guide", "rust-action", "both", "concepts-advanced", "erlang-systems",
                "rust-advanced",
            ]
        ),
        (
            .reciprocalRankFusion,
            [
                "both", "rust-action", "elixir-guide", "erlang-systems", "rust-advanced",
                "concepts-advanced",
            ]
        ),
    ]

    @Test(arguments: MergeStrategy.allCases)
    func `a strategy merges all shards, and offset and limit cut the merged list`(
        strategy: MergeStrategy
    ) async throws {
        let whole = try #require(Self.merged.first { $0.0 == strategy }).1
        try await StartingCluster.run { starting in
            for offset in 0...whole.count + 1 {
                for limit in 1...whole.count {
                    var options = SearchOptions(limit: UInt32(limit), offset: UInt32(offset))
                    options.merge = strategy
                    let ids = try await starting.ids(Self.query, options)
                    #expect(ids == Array(whole.dropFirst(offset).prefix(limit)))
                }
            }
        }
    }

    @Test func `fusion adds the ranks of a document in both indexes`() async throws {
        let cluster = try TestCluster()
        _ = try cluster.buildIndex(
            named: "a", shards: 1, [("p", "word word"), ("q", "word of"), ("r", "word of a b")])
        _ = try cluster.buildIndex(named: "b", shards: 2, [("q", "word"), ("s", "word of")])
        try cluster.startWorker("a", serving: "a", .all)
        try cluster.startWorker("b", serving: "b", .all)
        let client = try SearchClient(endpoints: [cluster.endpoints.clients])
        var options = SearchOptions(indexes: ["a", "b"])
        options.merge = .reciprocalRankFusion
        let answer = try await client.search("word", options: options)
        #expect(answer.hits.map(\.id) == ["q", "p", "s", "r"])
        let scores: [Float] = [1 / Float(62) + 1 / Float(61), 1 / 61, 1 / 62, 1 / 63]
        #expect(answer.hits.map(\.score) == scores)
        #expect(answer.hits.map(\.index) == ["a", "a", "b", "a"])
        #expect(answer.totalHits == 3)
        #expect(!answer.isTotalExact)
        await client.close()
    }

    @Test func `pages of any size make the whole list, by offset and by place`() async throws {
        try await StartingCluster.run { starting in
            for query in StartingCorpus.queries {
                for size in [1, 2, 3, 5, 11, 12, 13] {
                    let limit = UInt32(size)
                    var byOffset: [String] = []
                    for offset in stride(from: 0, to: query.ids.count, by: size) {
                        byOffset += try await starting.ids(
                            query.text, SearchOptions(limit: limit, offset: UInt32(offset)))
                    }
                    #expect(byOffset == query.ids, "\(query.text)")
                    var byPlace: [String] = []
                    var after: String?
                    repeat {
                        let answers = await starting.client.answers(
                            to: [SearchRequest(query.text, limit: limit, after: after)],
                            options: SearchOptions())
                        let page = try answers[0].get()
                        byPlace += page.hits.map(\.id)
                        after = page.next
                    } while after != nil
                    #expect(byPlace == query.ids, "\(query.text)")
                }
            }
        }
    }

    @Test(arguments: [UInt32(12), 100, 9_990])
    func `an offset behind the last hit gives no hits and the total`(
        offset: UInt32
    ) async throws {
        try await StartingCluster.run { starting in
            let answer = try await starting.client.search(
                "*", options: SearchOptions(offset: offset))
            #expect(answer.hits.isEmpty)
            #expect(answer.totalHits == 12)
            #expect(answer.next == nil)
        }
    }

    @Test func `a limit of 0 gives no hits and the total, for one query and for all`()
        async throws
    {
        try await StartingCluster.run { starting in
            let answers = await starting.client.answers(
                to: [SearchRequest("*", limit: 0), SearchRequest("*", limit: 2)],
                options: SearchOptions(limit: 0))
            #expect(try answers.map { try $0.get().hits.count } == [0, 2])
            let none = try await starting.client.search("*", options: SearchOptions(limit: 0))
            #expect(none.hits.isEmpty)
            #expect(none.totalHits == 12)
        }
    }

    @Test func `more than 10,000 of offset and limit together are refused`() async throws {
        try await StartingCluster.run { starting in
            let error = await failure {
                try await starting.client.search(
                    "*", options: SearchOptions(limit: 11, offset: 9_990))
            }
            #expect(
                error?.description
                    == "BAD_REQUEST: offset 9990 plus limit 11 is over 10000; ask for fewer hits")
        }
    }

    @Test func `an answer has 1000 results when there are more`() async throws {
        let cluster = try TestCluster()
        _ = try cluster.buildIndex(
            named: "x", shards: 3, (0..<1_500).map { ("d\($0)", "word number \($0)") })
        try cluster.startWorker("a", serving: "x", .all)
        let client = try SearchClient(endpoints: [cluster.endpoints.clients])
        let answer = try await client.search("word", options: SearchOptions(limit: 1_000))
        #expect(answer.hits.map(\.id) == (0..<1_000).map { "d\($0)" })
        #expect(
            answer.hits.map(\.document)
                == (0..<1_000).map {
                    Array(#"{"id":"d\#($0)","body":"word number \#($0)"}"#.utf8)
                })
        #expect(answer.totalHits == 1_500)
        await client.close()
    }

    @Test func `a result has id, score, place and document, as values and in JSON`() async throws {
        try await StartingCluster.run { starting in
            let query = #"title:"advanced concepts""#
            let options = SearchOptions(highlighting: Highlighting(fields: ["title"]))
            let answer = try await starting.client.search(query, options: options)
            let score = try #require(
                starting.index.search(starting.index.parse(query), limit: 1).hits.first
            ).hit.score
            let fragment = "<em>Advanced</em> <em>concepts</em> of Elixir"
            #expect(
                answer.hits == [
                    SearchHit(
                        id: "elixir-concepts", score: score, index: "x", shard: 1, orderKey: 2,
                        document: StartingCorpus.line("elixir-concepts"),
                        snippets: [FieldSnippets(field: "title", fragments: [fragment])])
                ])
            #expect(answer.totalHits == 1)
            #expect(answer.isTotalExact)
            #expect(answer.next == nil)
            #expect(answer.took > .zero && answer.took < .seconds(10))
            #expect(
                answer.coverage == SearchCoverage(shards: 3, ok: 3, hedged: answer.coverage.hedged))
            let document = String(
                decoding: StartingCorpus.line("elixir-concepts"), as: UTF8.self)
            let json = BatchOutput(.json).lines(of: "q1", .success(answer))
            #expect(
                String(decoding: json, as: UTF8.self) == """
                    {"id":"q1","total_hits":1,"hits":[{"id":"elixir-concepts","score":\(score),\
                    "index":"x","shard":1,"order_key":2,"document":\(document),\
                    "highlights":{"title":["\(fragment)"]}}]}

                    """)
        }
    }
}
