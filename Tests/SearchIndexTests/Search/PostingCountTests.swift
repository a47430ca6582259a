import SearchIndex
import TestSupport
import Testing

/// What a search will look at, against the totals of its terms.
struct PostingCountTests {
    /// Queries that are answered from the lists of some words, with how many postings these have.
    private func queries(
        of index: EmbeddedIndex, _ words: [String]
    ) throws -> [(query: Query, postings: Int)] {
        let terms = words.map { Query.term(TermQuery(field: "body", term: Array($0.utf8))) }
        let counts = try terms.map { Int(try index.search($0, limit: 0).totalHits) }
        let sum = counts.reduce(0, +)
        return [
            (terms[0], counts[0]),
            (.boolean(BooleanQuery(should: terms)), sum),
            (.boolean(BooleanQuery(must: terms)), sum),
            (
                .boolean(BooleanQuery(must: [terms[0]], should: [terms[1]], mustNot: [terms[2]])),
                sum
            ),
            (.boolean(BooleanQuery(must: [.boolean(BooleanQuery(must: terms))])), sum),
            (.term(TermQuery(field: "body", term: Array("no such word".utf8))), 0),
            (.term(TermQuery(field: "absent", term: [65])), 0),
        ]
    }

    @Test func `the postings of a query are those of its terms, in all segments`() throws {
        var random = SeededRandom.forTest("posting counts")
        let corpus = try RandomCorpus(documents: 700, words: 30, using: &random)
        for perSegment in [1 << 30, 100] {
            let scratch = try ScratchIndex(corpus, shards: 1, perSegment: perSegment)
            let (index, searcher) = (scratch.index, scratch.index.shards[0])
            for _ in 0..<20 {
                let words = (0..<3).map { _ in RandomCorpus.word(corpus.vocabulary, &random) }
                for (query, postings) in try queries(of: index, words) {
                    let statistics = index.description.statistics
                    func count(atMost limit: Int) throws -> Int? {
                        try searcher.postingCount(
                            of: query, statistics: statistics, atMost: limit)
                    }
                    #expect(try count(atMost: .max) == postings, "\(query)")
                    #expect(try count(atMost: postings) == postings, "\(query)")
                    guard postings > 0 else { continue }
                    #expect(try count(atMost: postings - 1) == nil, "\(query)")
                }
            }
        }
    }

    @Test func `what a query takes that is not of terms alone is not known before it is run`()
        throws
    {
        var random = SeededRandom.forTest("no posting counts")
        let corpus = try RandomCorpus(documents: 50, words: 10, using: &random)
        let scratch = try ScratchIndex(corpus, shards: 1)
        let term = Query.term(TermQuery(field: "body", term: [97]))
        let many = (0..<17).map { Query.term(TermQuery(field: "body", term: [97, $0])) }
        let others: [Query] = [
            .matchAll(boost: 1), .matchNone,
            .phrase(PhraseQuery(field: "body", terms: [PhraseTerm(term: [97], position: 0)])),
            .exists(ExistsQuery(field: "body")),
            .constantScore(ConstantScoreQuery(query: term)),
            .boolean(BooleanQuery(must: [term], filter: [term])),
            .boolean(BooleanQuery(should: [term, term], minimumShouldMatch: 2)),
            .boolean(BooleanQuery(must: [term, .matchAll(boost: 1)])),
            .boolean(BooleanQuery(should: many)),
        ]
        for query in others {
            let count = try scratch.index.shards[0].postingCount(
                of: query, statistics: scratch.index.description.statistics, atMost: .max)
            #expect(count == nil, "\(query)")
        }
        let fewer = Query.boolean(BooleanQuery(should: Array(many.dropLast())))
        let count = try scratch.index.shards[0].postingCount(
            of: fewer, statistics: scratch.index.description.statistics, atMost: .max)
        #expect(count != nil)
    }
}
