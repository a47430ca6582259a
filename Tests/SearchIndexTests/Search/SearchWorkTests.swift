import SearchIndex
import TestSupport
import Testing

/// What a search will look at, against the totals of its terms.
struct SearchWorkTests {
    private struct Case {
        let query: Query
        let postings: Int
        /// Over a set of all documents, to count exactly.
        var passes = 0
        /// Of postings in other lists.
        var lookups = 0
    }

    /// Queries that are answered from the lists of three words, with how many postings these have.
    private func cases(of index: EmbeddedIndex, _ words: [String]) throws -> [Case] {
        let terms = words.map { Query.term(TermQuery(field: "body", term: Array($0.utf8))) }
        let counts = try terms.map { Int(try index.search($0, limit: 0).totalHits) }
        let sum = counts.reduce(0, +)
        let mixed = BooleanQuery(must: [terms[0]], should: [terms[1]], mustNot: [terms[2]])
        let nested = BooleanQuery(must: [.boolean(BooleanQuery(must: terms))])
        return [
            Case(query: terms[0], postings: counts[0]),
            Case(query: .term(TermQuery(field: "body", term: [0])), postings: 0),
            Case(query: .term(TermQuery(field: "absent", term: [65])), postings: 0),
            Case(
                query: .boolean(BooleanQuery(should: terms)), postings: sum, passes: 2,
                lookups: 2 * sum),
            Case(query: .boolean(mixed), postings: sum, passes: 6),
            Case(query: .boolean(BooleanQuery(must: terms)), postings: sum, passes: 8),
            Case(query: .boolean(nested), postings: sum, passes: 8),
        ]
    }

    @Test(arguments: [1 << 30, 300])
    func `a search takes the postings of its terms, in all segments, and passes to count`(
        perSegment: Int
    ) throws {
        var random = SeededRandom.forTest("work of searches, \(perSegment)")
        let corpus = try RandomCorpus(documents: 2_000, words: 30, using: &random)
        let scratch = try ScratchIndex(corpus, shards: 1, perSegment: perSegment)
        let (index, searcher) = (scratch.index, scratch.index.shards[0])
        let sizes = searcher.shard.segments.map(\.documentCount)
        for _ in 0..<20 {
            let words = (0..<3).map { _ in RandomCorpus.word(corpus.vocabulary, &random) }
            for test in try cases(of: index, words) {
                func work(_ totals: TotalCounting, atMost limit: Int = .max) throws -> Int? {
                    try searcher.work(
                        of: test.query, statistics: index.description.statistics,
                        totals: totals, atMost: limit)
                }
                let uncounted = try #require(try work(.none))
                let whole = try #require(try work(.exact))
                // A segment that has one of the terms only needs no lookup and no pass.
                let mostUncounted = test.postings + test.lookups / 8
                let most = sizes.reduce(mostUncounted) { $0 + test.passes * $1 / 64 / 8 }
                #expect(uncounted >= test.postings && uncounted <= mostUncounted, "\(test)")
                #expect(whole >= uncounted && whole <= most, "\(test)")
                if sizes.count == 1, Set(words).count == 3 {
                    #expect(uncounted == mostUncounted && whole == most, "\(test)")
                }
                #expect(try work(.upTo(5)) == whole, "\(test)")
                #expect(try work(.exact, atMost: whole) == whole, "\(test)")
                #expect(try whole == 0 || work(.exact, atMost: whole - 1) == nil, "\(test)")
            }
        }
    }

    @Test func `with deleted documents even one term is counted in a pass over all`() throws {
        var random = SeededRandom.forTest("work with deletions")
        let corpus = try RandomCorpus(documents: 6_400, words: 30, using: &random)
        let scratch = try ScratchIndex(corpus, shards: 1, deleted: [7])
        let query = Query.term(TermQuery(field: "body", term: [0]))
        _ = try scratch.index.search(query, limit: 1)
        func work(_ totals: TotalCounting) throws -> Int? {
            try scratch.index.shards[0].work(
                of: query, statistics: scratch.index.description.statistics, totals: totals,
                atMost: .max)
        }
        #expect(try work(.exact) == 3 * 6_400 / 64 / 8)
        #expect(try work(.none) == 0)
    }

    /// An index of a few documents that was searched before.
    private func searched(perSegment: Int = 1 << 30) throws -> ScratchIndex {
        var random = SeededRandom.forTest("work of a small index")
        let corpus = try RandomCorpus(documents: 50, words: 10, using: &random)
        let scratch = try ScratchIndex(corpus, shards: 1, perSegment: perSegment)
        _ = try scratch.index.search(term(97), limit: 1)
        return scratch
    }

    private func term(_ byte: UInt8) -> Query { .term(TermQuery(field: "body", term: [byte])) }

    private func isKnown(_ query: Query, _ scratch: ScratchIndex) throws -> Bool {
        try scratch.index.shards[0].work(
            of: query, statistics: scratch.index.description.statistics, totals: .exact,
            atMost: .max) != nil
    }

    @Test func `what a query takes that is not of terms alone is not known before it is run`()
        throws
    {
        let scratch = try searched()
        let term = term(97)
        let phrase = PhraseQuery(field: "body", terms: [PhraseTerm(term: [97], position: 0)])
        let others: [Query] = [
            .matchAll(boost: 1), .matchNone, .phrase(phrase), .exists(ExistsQuery(field: "body")),
            .constantScore(ConstantScoreQuery(query: term, boost: 1)),
            .boolean(BooleanQuery(must: [term], filter: [term])),
            .boolean(BooleanQuery(should: [term, term], minimumShouldMatch: 2)),
            .boolean(BooleanQuery(must: [term, .matchAll(boost: 1)])),
        ]
        #expect(try isKnown(term, scratch))
        for query in others { #expect(try !isKnown(query, scratch), "\(query)") }
    }

    @Test func `at most 32 terms are looked up, in all segments together`() throws {
        let many = (0..<33).map { term($0) }
        let whole = try searched()
        #expect(try isKnown(.boolean(BooleanQuery(should: Array(many.prefix(32)))), whole))
        #expect(try !isKnown(.boolean(BooleanQuery(should: many)), whole))
        let cut = try searched(perSegment: 5)
        #expect(cut.index.shards[0].shard.segments.count == 10)
        #expect(try isKnown(.boolean(BooleanQuery(should: Array(many.prefix(3)))), cut))
        #expect(try !isKnown(.boolean(BooleanQuery(should: Array(many.prefix(4)))), cut))
    }

    @Test func `what needs tables made first is not known`() throws {
        let scratch = try searched()
        let statistics = scratch.index.description.statistics
        let others = CollectionStatistics(
            documents: statistics.documents + 1, fields: statistics.fields)
        let searcher = scratch.index.shards[0]
        #expect(
            try searcher.work(of: term(97), statistics: others, totals: .none, atMost: .max) == nil)
        #expect(try isKnown(term(97), scratch))
        _ = try searcher.search(term(97), k: 1, statistics: others)
        #expect(try !isKnown(term(97), scratch))
    }
}
