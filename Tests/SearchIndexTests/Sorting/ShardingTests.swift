import TestSupport
import Testing

@testable import SearchIndex

/// The number of shards changes no answer: every kind of query, sort and page.
@Suite(.timeLimit(.minutes(10)))
struct ShardingTests {
    /// The hits of a list, whatever it is sorted by.
    private struct Hit: Equatable {
        let score: Float
        let tuple: SortTuple
        let id: ArraySlice<UInt8>
    }

    private struct Page: Equatable {
        var hits: [Hit]
        var total: UInt64
    }

    private static func keys(_ random: inout SeededRandom) -> [SortKey] {
        let fields = RandomCorpus.typedFields.filter(\.isColumn).map(\.name)
        let count = Int.random(in: 0...SortKey.maximumKeys, using: &random)
        return fields.shuffled(using: &random).prefix(count).map {
            SortKey(
                field: $0, isAscending: Bool.random(using: &random),
                missing: Bool.random(using: &random) ? .first : .last)
        }
    }

    private static func page(
        _ query: Query, _ keys: [SortKey], behind last: Hit?, limit: Int, in index: EmbeddedIndex
    ) throws -> Page {
        if keys.isEmpty {
            let after = last.map { ScorePlace(score: $0.score, orderKey: $0.tuple.orderKey) }
            let found = try index.search(query, limit: limit, after: after)
            let hits = found.hits.map {
                Hit(
                    score: $0.hit.score, tuple: SortTuple(values: [], orderKey: $0.hit.orderKey),
                    id: $0.hit.id)
            }
            return Page(hits: hits, total: found.totalHits)
        }
        let found = try index.search(query, sort: keys, after: last?.tuple, limit: limit)
        return Page(
            hits: found.hits.map { Hit(score: 0, tuple: $0.tuple, id: $0.id) },
            total: found.totalHits)
    }

    /// The first 100 hits in pages of some size.
    private static func paged(
        _ query: Query, _ keys: [SortKey], size: Int, in index: EmbeddedIndex
    ) throws -> Page {
        var whole = try page(query, keys, behind: nil, limit: min(size, 100), in: index)
        while whole.hits.count < 100 {
            let limit = min(size, 100 - whole.hits.count)
            let next = try page(query, keys, behind: whole.hits.last, limit: limit, in: index)
            #expect(next.total == whole.total)
            whole.hits += next.hits
            if next.hits.count < limit { break }
        }
        return whole
    }

    private static func query(
        _ queries: inout RandomQueries, _ corpus: RandomCorpus, round: Int,
        _ random: inout SeededRandom
    ) throws -> Query {
        let query = queries.query(depth: round % 4, using: &random)
        guard round.isMultiple(of: 5) else { return query }
        let number = Int.random(in: 0..<corpus.documents.count, using: &random)
        var like = MoreLikeThisQuery(
            like: Bool.random(using: &random)
                ? .text(Array("w1 w2 w3 w4 w5".utf8))
                : .document(id: Array(corpus.documents[number].id.utf8)), fields: ["body", "title"])
        like.minimumTermFrequency = 1
        like.maximumQueryTerms = Int.random(in: 1...6, using: &random)
        return .boolean(BooleanQuery(should: [.moreLikeThis(like), query]))
    }

    @Test
    func `the first 100 of every query, sort and page are those of one shard`() throws {
        var random = SeededRandom.forTest("sharding of results")
        let corpus = try RandomCorpus(documents: 700, words: 25, using: &random)
        var queries = RandomQueries(corpus)
        let whole = try ScratchIndex(corpus, shards: 1)
        let sharded = try [2, 3, 5].map { try ScratchIndex(corpus, shards: $0) }
        var matched = 0
        for round in 0..<100 {
            let query = try Self.query(&queries, corpus, round: round, &random)
            try query.validate(schema: corpus.schema)
            let keys = Self.keys(&random)
            let expected = try Self.page(query, keys, behind: nil, limit: 100, in: whole.index)
            matched += expected.hits.isEmpty ? 0 : 1
            for other in [whole] + sharded {
                let size = Int.random(in: 7...100, using: &random)
                let paged = try Self.paged(query, keys, size: size, in: other.index)
                let shards = other.index.shards.count
                #expect(
                    paged == expected,
                    "\(query) \(keys.map(\.text)), pages of \(size), \(shards) shards")
            }
        }
        #expect(matched > 50)
    }
}
