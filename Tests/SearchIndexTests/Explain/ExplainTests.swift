import TestSupport
import Testing

@testable import SearchIndex

/// Explanations of one document.
@Suite(.timeLimit(.minutes(10)))
struct ExplainTests {
    @Test(arguments: [1, 3])
    func `the root is the score that the search returns, bit for bit`(shards: Int) throws {
        var random = SeededRandom.forTest("explain, \(shards) shards")
        let corpus = try RandomCorpus(documents: 600, words: 30, using: &random)
        let scratch = try ScratchIndex(corpus, shards: shards, perSegment: 250)
        for round in 0..<60 {
            let text = corpus.query(terms: [1, 2, 3, 8][round % 4], using: &random)
            let query = try scratch.index.parse(text)
            let hits = try scratch.index.search(query, limit: 600).hits.map(\.hit)
            for hit in hits.prefix(20) {
                let byKey = try scratch.index.explain(query, orderKey: hit.orderKey)
                #expect(byKey.score?.bitPattern == hit.score.bitPattern, "\(text)")
                let byID = try scratch.index.explain(query, documentID: hit.id)
                #expect(byID == byKey)
            }
            let found = Set(hits.map(\.orderKey))
            let others = (0..<20).map { _ in OrderKey(UInt64.random(in: 0..<600, using: &random)) }
            for key in others where !found.contains(key) {
                let explanation = try scratch.index.explain(query, orderKey: key)
                #expect(!explanation.isMatch, "\(text)")
                #expect(explanation.score == nil)
            }
        }
    }

    private func typed() throws -> EmbeddedIndex { try Self.shared.get().index }

    private static let shared = Result { () throws -> ScratchIndex in
        let schema = try Schema(fields: [
            .text("body"), .keyword("tag"), Field(name: "year", kind: .integer),
        ])
        let lines = [
            #"{"id":"a","body":"red fox in the red snow","tag":"animal","year":2001}"#,
            #"{"id":"b","body":"blue whale","tag":"animal"}"#,
            #"{"id":"c","body":"fox and whale","year":1999}"#,
        ]
        return try ScratchIndex(lines.map { Array($0.utf8) }, schema: schema, shards: 2)
    }

    private func term(_ text: String, boost: Float = 1) -> Query {
        .term(TermQuery(field: "body", term: Array(text.utf8), boost: boost))
    }

    private func explain(_ query: Query, _ id: String = "a") throws -> Explanation {
        try typed().explain(query, documentID: Array(id.utf8))
    }

    @Test
    func `sets score their boost where the document belongs to them`() throws {
        let range = Query.range(
            RangeQuery(
                field: "year", lower: RangeBound(value: .integer(2000), isInclusive: true),
                upper: nil, boost: 3))
        let prefix = Query.expansion(
            ExpansionQuery(field: "body", pattern: .prefix(Array("re".utf8)), boost: 2))
        let set = Query.termSet(
            TermSetQuery(field: "tag", values: [.text(Array("animal".utf8))], boost: 5))
        let exists = Query.exists(ExistsQuery(field: "year", boost: 7))
        let expected: [(Query, [String: Float])] = [
            (range, ["a": 3]), (prefix, ["a": 2]), (set, ["a": 5, "b": 5]),
            (exists, ["a": 7, "c": 7]),
        ]
        for (query, scores) in expected {
            for id in ["a", "b", "c"] {
                #expect(try explain(query, id).score == scores[id], "\(query), document \(id)")
            }
        }
    }

    @Test
    func `constant and best-of nodes count as one leaf`() throws {
        let fox = try #require(try explain(term("fox")).score)
        let red = try #require(try explain(term("red")).score)
        let constant = Query.constantScore(ConstantScoreQuery(query: term("fox"), boost: 9))
        #expect(try explain(constant).score == 9)
        #expect(try !explain(constant, "b").isMatch)
        let best = Query.disjunctionMax(
            DisjunctionMaxQuery(
                queries: [term("fox"), term("absent"), term("red")], tieBreaker: 0.5))
        #expect(try explain(best).score == max(fox, red) + 0.5 * min(fox, red))
        let group = Query.boolean(BooleanQuery(must: [term("red"), constant], should: [best]))
        let expected = red + 9 + (max(fox, red) + 0.5 * min(fox, red))
        #expect(try explain(group).score == expected)
    }

    @Test
    func `what makes a document no match is named`() throws {
        let cases: [(BooleanQuery, String)] = [
            (BooleanQuery(must: [term("whale")]), "a required clause does not match"),
            (
                BooleanQuery(must: [term("fox")], filter: [term("whale")]),
                "a filter does not match"
            ),
            (
                BooleanQuery(must: [term("fox")], mustNot: [term("red")]),
                "an excluded clause matches"
            ),
            (
                BooleanQuery(should: [term("fox"), term("whale")], minimumShouldMatch: 2),
                "1 of at least 2 optional clauses match"
            ),
        ]
        for (group, reason) in cases {
            let explanation = try explain(.boolean(group))
            #expect(!explanation.isMatch)
            #expect(explanation.text.contains(reason), "\(explanation.text)")
        }
        let phrase = PhraseQuery(
            field: "body",
            terms: ["fox", "snow"].enumerated().map {
                PhraseTerm(term: Array($1.utf8), position: UInt32($0))
            })
        #expect(try explain(.phrase(phrase)).text.contains("never so near"))
        let near = PhraseQuery(field: "body", terms: phrase.terms, slop: 3)
        #expect(try explain(.phrase(near)).isMatch)
    }

    @Test
    func `text and JSON show every number of a term's score`() throws {
        let explanation = try explain(term("red", boost: 2))
        let json = String(decoding: explanation.json, as: UTF8.self)
        let parts = [
            "term body:red", "boost", "idf of body:red", "N, documents in the index",
            "n, documents that hold the term", "frequency", "norm", "k1", "length in tokens",
            "average length",
        ]
        for part in parts {
            #expect(explanation.text.contains(part))
            #expect(json.contains(part))
        }
        #expect(explanation.text.contains("2 = frequency"))
        #expect(json.hasPrefix(#"{"match":true,"value":"#))
        var scanner = JSONScanner()
        try scanner.skipValue(explanation.json.span)
        try scanner.finish(explanation.json.span)
    }

    @Test
    func `a document that the index lacks is named`() throws {
        #expect(throws: SearchError.noSuchDocument(id: "none")) {
            try explain(.matchAll(boost: 1), "none")
        }
        let index = try typed()
        #expect(throws: SearchError.noSuchDocument(id: "order key 77")) {
            try index.explain(.matchAll(boost: 1), orderKey: OrderKey(77))
        }
    }

    @Test
    func `a deleted document is not found, by no id and no order key`() throws {
        let lines = ["gone", "kept"].map { Array(#"{"id":"\#($0)","body":"fox"}"#.utf8) }
        let index = try ScratchIndex(
            lines, schema: nil, shards: 1, deletedIDs: ["gone"]
        ).index
        let gone = SearchError.noSuchDocument(id: "gone")
        #expect(throws: gone) { try index.explain(term("fox"), documentID: Array("gone".utf8)) }
        #expect(throws: SearchError.noSuchDocument(id: "order key 0")) {
            try index.explain(term("fox"), orderKey: OrderKey(0))
        }
        let like = Query.moreLikeThis(MoreLikeThisQuery(like: .document(id: Array("gone".utf8))))
        #expect(throws: gone) { try index.search(like, limit: 1) }
        #expect(try index.shards[0].shard.document(OrderKey(0)) == nil)
        #expect(try index.shards[0].shard.id(OrderKey(0)) == nil)
        #expect(try index.shards[0].shard.id(OrderKey(1)) == Array("kept".utf8))
        #expect(try index.explain(term("fox"), orderKey: OrderKey(1)).isMatch)
    }
}
