import TestSupport
import Testing

@testable import SearchIndex

/// Random trees of all kinds of queries, compared with the exhaustive scorer.
@Suite(.timeLimit(.minutes(10)))
struct QueryKindTests {
    /// A corpus with its scorer and its queries.
    private struct Subject {
        let corpus: RandomCorpus
        let scorer: ExhaustiveScorer
        private var queries: RandomQueries
        private var round = 0

        init(documents: Int, words: Int = 25, using random: inout SeededRandom) throws {
            corpus = try RandomCorpus(documents: documents, words: words, using: &random)
            scorer = ExhaustiveScorer(corpus.documents, schema: corpus.schema)
            queries = RandomQueries(corpus)
        }

        /// Trees of 0 to 3 levels in turn, as the validator accepts them.
        mutating func query(using random: inout SeededRandom) throws -> Query {
            let query = queries.query(depth: round % 4, using: &random)
            round += 1
            try query.validate(schema: corpus.schema)
            scorer.regexes = queries.regexes
            return query
        }
    }

    @Test(arguments: [1, 30, 600, 5_000])
    func `every kind of query gives what the exhaustive scorer gives`(count: Int) throws {
        var random = SeededRandom.forTest("kinds of queries, \(count) documents")
        var subject = try Subject(documents: count, using: &random)
        let variants = try IndexVariant.all(subject.corpus, &random)
        var matched = 0
        let rounds = count > 1_000 ? 12 : 96
        for round in 0..<rounds {
            // Trees change their depth every round, layouts only every fourth.
            let variant = variants[round / 4 % variants.count]
            let index = variant.scratch.index
            let query = try subject.query(using: &random)
            let expected = subject.scorer.search(
                query, limit: count + 1, deleted: variant.deleted)
            matched += expected.total > 0 ? 1 : 0
            for limit in [0, 1, 10, 100, count + 1] {
                let wanted = Array(expected.hits.prefix(limit))
                let exact = try index.search(query, limit: limit)
                #expect(exact.hits.map(\.hit) == wanted, "\(query), limit \(limit)")
                #expect(exact.total == TotalHits(count: expected.total, isExact: true), "\(query)")
                let uncounted = try index.search(query, limit: limit, totals: .none)
                #expect(uncounted.hits.map(\.hit) == wanted, "\(query), limit \(limit), uncounted")
                #expect(uncounted.total.count <= expected.total)
                if uncounted.total.isExact { #expect(uncounted.total.count == expected.total) }
                let counted = try index.search(query, limit: limit, totals: .upTo(20))
                #expect(counted.hits.map(\.hit) == wanted, "\(query), limit \(limit), to 20")
                #expect(counted.total.count >= min(20, expected.total))
                #expect(counted.total.count <= expected.total)
            }
        }
        if count > 100 { #expect(matched > rounds / 4, "of \(rounds) queries \(matched) match") }
    }

    @Test
    func `shards and segments change no hit and no total of any kind of query`() throws {
        var random = SeededRandom.forTest("sharding of kinds")
        var subject = try Subject(documents: 900, using: &random)
        // Without deleted documents, and with many of them; shards in one segment, or in several.
        for deleted in [[], IndexVariant.someOf(subject.corpus, oneIn: 3, &random)] {
            let whole = try ScratchIndex(subject.corpus, shards: 1, deleted: deleted)
            let sharded = try [(2, 1 << 30), (3, 150), (7, 40)].map { shards, perSegment in
                try ScratchIndex(
                    subject.corpus, shards: shards, perSegment: perSegment, deleted: deleted)
            }
            for _ in 0..<40 {
                let query = try subject.query(using: &random)
                let expected = try whole.index.search(query, limit: 100)
                for other in sharded {
                    let answer = try other.index.search(query, limit: 100)
                    #expect(answer.hits.map(\.hit) == expected.hits.map(\.hit), "\(query)")
                    #expect(answer.total == expected.total, "\(query)")
                    let uncounted = try other.index.search(query, limit: 100, totals: .none)
                    #expect(uncounted.hits == answer.hits, "\(query)")
                }
            }
        }
    }

    @Test(arguments: [TotalCounting.exact, .none])
    func `statistics and floors from outside count`(totals: TotalCounting) throws {
        var random = SeededRandom.forTest("statistics and floors \(totals)")
        for count in [700, 5_000] {
            var subject = try Subject(documents: count, using: &random)
            let scratch = try ScratchIndex(subject.corpus, shards: 1)
            let own = scratch.index.description.statistics
            for _ in 0..<(count > 1_000 ? 12 : 60) {
                let query = try subject.query(using: &random)
                let other = CollectionStatistics(
                    documents: own.documents + UInt64.random(in: 1...9_000, using: &random),
                    fields: own.fields.map { field in
                        let more = UInt64.random(in: 1...50_000, using: &random)
                        return FieldStatistics(name: field.name, tokens: field.tokens + more)
                    })
                let expected = subject.scorer.search(query, limit: count, statistics: other).hits
                let k = Int.random(in: 1...150, using: &random)
                let floor = expected.randomElement(using: &random)?.score
                let found = try scratch.index.shards[0].search(
                    query, k: k, statistics: other, totals: totals, floor: floor)
                let wanted = expected.filter { $0.score >= floor ?? 0 }
                #expect(found.hits == Array(wanted.prefix(k)), "\(query), k \(k)")
                if totals == .exact { #expect(found.totalHits == UInt64(expected.count)) }
            }
        }
    }

    @Test
    func `a pattern of too many terms is refused, or cut and reported`() throws {
        var random = SeededRandom.forTest("cut patterns")
        let subject = try Subject(documents: 300, words: 60, using: &random)
        let scratch = try ScratchIndex(subject.corpus, shards: 1)
        let pattern = ExpansionQuery(field: "body", pattern: .prefix(Array("w".utf8)))
        let query = Query.constantScore(ConstantScoreQuery(query: .expansion(pattern), boost: 2))
        let all = subject.scorer.terms(of: pattern).sorted { $0.lexicographicallyPrecedes($1) }
        let whole = try scratch.index.search(query, limit: 300)
        #expect(whole.degradedShards == 0)
        for limit in [1, 5, all.count - 1] {
            #expect(throws: SearchError.tooManyTerms(field: "body", limit: limit)) {
                try scratch.index.search(
                    query, limit: 10, limits: ExpansionLimits(maximumTerms: limit))
            }
            let answer = try scratch.index.search(
                query, limit: 300, limits: ExpansionLimits(maximumTerms: limit, excess: .cut))
            #expect(answer.degradedShards == 1)
            let values = all.prefix(limit).map { FieldValue.text($0) }
            let kept = Query.termSet(TermSetQuery(field: "body", values: values, boost: 2))
            let expected = subject.scorer.search(kept, limit: 300)
            #expect(answer.hits.map(\.hit) == expected.hits)
            #expect(answer.total == TotalHits(count: expected.total, isExact: false))
        }
    }

    @Test
    func `windows without a possible hit are left out when matches are not counted`() throws {
        let documents = (0..<10_000).map { number in
            let text = number == 5_000 ? "common rare" : number == 9_999 ? "rare rare" : "common"
            return CorpusDocument(id: "d\(number)", fields: ["body": text])
        }
        let corpus = try RandomCorpus(documents)
        let scratch = try ScratchIndex(corpus, shards: 1)
        let query = Query.disjunctionMax(
            DisjunctionMaxQuery(
                queries: ["common", "rare"].map {
                    .term(TermQuery(field: "body", term: Array($0.utf8)))
                }, tieBreaker: 0.5))
        let counted = try scratch.index.search(query, limit: 2)
        #expect(counted.hits.map(\.hit.orderKey) == [OrderKey(9_999), OrderKey(5_000)])
        // What the second window holds is known from outside.
        let floor = counted.hits[1].hit.score
        let found = try scratch.index.shards[0].search(
            query, k: 2, statistics: scratch.index.description.statistics, totals: .none,
            floor: floor)
        #expect(found.hits == counted.hits.map(\.hit))
        #expect(found.total.count < 10_000 - 4_000 && !found.total.isExact)
    }
}
