import TestSupport
import Testing

@testable import SearchIndex

/// Patterns of too many terms, cut: what the answer says of itself, beside the whole answer.
@Suite(.timeLimit(.minutes(10)))
struct CutPatternTests {
    private static func cut(_ count: Int) -> ExpansionLimits {
        ExpansionLimits(maximumTerms: count, excess: .cut)
    }

    /// What is checked of an answer in either order.
    private struct Found {
        let ids: Set<ArraySlice<UInt8>>
        let total: TotalHits
        let covered: UInt64
        let cut: PatternCut?
    }

    private static func searches(
        _ query: Query, _ index: EmbeddedIndex, _ limits: ExpansionLimits
    ) throws -> [Found] {
        let shard = index.shards[0]
        let statistics = index.description.statistics
        let best = try [TotalCounting.exact, .upTo(20), .none].map { totals in
            try shard.search(
                query, k: 1_000, statistics: statistics, totals: totals, limits: limits)
        }
        let lowest = try shard.searchLowest(
            query, k: 1_000, statistics: statistics, limits: limits)
        let sorted = try shard.search(
            query, sort: [SortKey(field: "color")], k: 1_000, statistics: statistics,
            limits: limits)
        return (best + [lowest]).map {
            Found(
                ids: Set($0.hits.map(\.id)), total: $0.total, covered: $0.coveredDocuments,
                cut: $0.cut)
        } + [
            Found(
                ids: Set(sorted.hits.map(\.id)), total: sorted.total,
                covered: sorted.coveredDocuments, cut: sorted.cut)
        ]
    }

    @Test
    func `an answer with a cut pattern is a part of the whole one, and its total a lower bound`()
        throws
    {
        var random = SeededRandom.forTest("answers of cut patterns")
        let corpus = try RandomCorpus(documents: 500, words: 40, using: &random)
        let scorer = ExhaustiveScorer(corpus.documents, schema: corpus.schema)
        let index = try ScratchIndex(corpus, shards: 1, perSegment: 200).index
        var queries = RandomQueries(corpus)
        for round in 0..<400 {
            let query = queries.query(depth: round % 4, using: &random)
            try query.validate(schema: corpus.schema)
            scorer.regexes = queries.regexes
            let expected = scorer.search(query, limit: 500)
            let ids = Set(expected.hits.map(\.id))
            let found: [Found]
            do {
                found = try Self.searches(query, index, Self.cut(3))
            } catch SearchError.tooManyExcludedTerms(_, let limit) {
                #expect(limit == 3)
                continue
            }
            for answer in found {
                guard answer.cut != nil else {
                    #expect(answer.ids == ids && answer.covered == 500, "\(query)")
                    continue
                }
                #expect(answer.ids.isSubset(of: ids), "\(query)")
                #expect(answer.total.count == answer.ids.count, "\(query)")
                #expect(!answer.total.isExact && answer.covered == 0, "\(query)")
            }
            #expect(Set(found.map(\.cut)).count == 1, "\(query)")
            #expect(found[0].cut != nil || found[0].total.isExact, "\(query)")
        }
    }

    private static let schema = Result { try Schema(fields: [.text("body")]) }

    /// An index of documents with a word of their own each: word0, word1, …
    private static func words(_ count: Int, shards: Int) throws -> ScratchIndex {
        let lines = (0..<count).map { Array(#"{"id":"d\#($0)","body":"word\#($0)"}"#.utf8) }
        return try ScratchIndex(lines, schema: try schema.get(), shards: shards)
    }

    @Test func `a cut names the pattern, the field and the number of terms`() throws {
        let index = try Self.words(30, shards: 1).index
        let answer = try index.search(try index.parse("word*"), limit: 10, limits: Self.cut(7))
        #expect(answer.total == TotalHits(count: 7, isExact: false))
        let cut = try #require(answer.cuts.first)
        #expect(cut.shard == ShardNumber(0))
        #expect((cut.cut.field, cut.cut.pattern, cut.cut.termCount) == ("body", "word*", 7))
        #expect(cut.cut.description == "pattern body:word* was cut to its first 7 terms")
        let several = try index.search(
            try index.parse("word* /w.*/ w?rd* word7*"), limit: 10, limits: Self.cut(7))
        #expect(
            several.cuts.map(\.cut.description) == [
                "pattern body:word* was cut to its first 7 terms, and 2 other patterns too"
            ])
        let whole = try index.search(try index.parse("word*"), limit: 10, limits: Self.cut(30))
        #expect(whole.cuts.isEmpty)
        #expect(whole.total == TotalHits(count: 30, isExact: true))
    }

    @Test func `a long pattern is shown by its beginning`() throws {
        let index = try Self.words(3, shards: 1).index
        let pattern = "*" + String(repeating: "?", count: 4) + String(repeating: "*", count: 200)
        let answer = try index.search(try index.parse(pattern), limit: 1, limits: Self.cut(2))
        #expect(
            answer.cuts.map(\.cut.description) == [
                "pattern body:\(pattern.prefix(100))… was cut to its first 2 terms"
            ])
    }

    @Test func `only the shards with too many terms are cut`() throws {
        let index = try Self.words(41, shards: 2).index
        let counts = index.shards.map { Int($0.shard.liveDocuments) }
        try #require(counts[0] != counts[1])
        let larger = counts[0] > counts[1] ? 0 : 1
        let answer = try index.search(
            try index.parse("word*"), limit: 41, limits: Self.cut(counts[larger] - 1))
        #expect(answer.cuts.map(\.shard) == [ShardNumber(UInt32(larger))])
        #expect(answer.total == TotalHits(count: 40, isExact: false))
        #expect(answer.hits.count == 40)
    }

    @Test(arguments: ["word1 -word*", "word1 -(w* -word*)", "+word1 -(word2 word*)"])
    func `a pattern that leaves documents out is refused where it would be cut`(
        text: String
    ) throws {
        let index = try Self.words(30, shards: 1).index
        let query = try index.parse(text)
        #expect(throws: SearchError.tooManyExcludedTerms(field: "body", limit: 7)) {
            try index.search(query, limit: 10, limits: Self.cut(7))
        }
        #expect(try index.search(query, limit: 10).total.isExact)
    }

    @Test func `what is left out of what is left out may be cut`() throws {
        let index = try Self.words(30, shards: 1).index
        // All but those of which word1 and the like are left out: these, in the first 7 terms.
        let all = Query.matchAll(boost: 1)
        let pattern = try index.parse("word*")
        let query = Query.boolean(
            BooleanQuery(
                must: [all],
                mustNot: [.boolean(BooleanQuery(must: [all], mustNot: [pattern]))]))
        let answer = try index.search(query, limit: 30, limits: Self.cut(7))
        #expect(answer.total == TotalHits(count: 7, isExact: false))
        #expect(try index.search(query, limit: 30).total == TotalHits(count: 30, isExact: true))
    }
}
