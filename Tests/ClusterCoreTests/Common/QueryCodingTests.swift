import SearchIndex
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

struct QueryCodingTests {
    private static let term = Query.term(TermQuery(field: "f", term: [0x61], boost: 2))

    private static var everyKind: [Query] {
        var like = MoreLikeThisQuery(like: .document(id: [0x31]), fields: ["f"])
        like.maximumQueryTerms = 3
        like.maximumDocumentFrequency = 9
        like.boost = 0
        let patterns: [ExpansionQuery.Pattern] = [
            .prefix([0x61]), .wildcard([0x61, 0x2A]), .regex([0x2E]),
            .fuzzy(term: [0x61], distance: 2, prefixLength: 1, transpositions: false),
        ]
        let values: [FieldValue] = [
            .text([0x61]), .integer(.min), .double(-0.5), .bool(false), .date(-1),
        ]
        let terms = [PhraseTerm(term: [0x61], position: 0), PhraseTerm(term: [0x62], position: 2)]
        return [
            .matchAll(boost: 0), .matchNone, term,
            .phrase(PhraseQuery(field: "f", terms: terms, slop: 4, boost: 3)),
            .boolean(
                BooleanQuery(
                    must: [term], should: [.matchNone, term], mustNot: [term],
                    filter: [.matchAll(boost: 1)], minimumShouldMatch: 2)),
            .constantScore(ConstantScoreQuery(query: term, boost: 7)),
            .disjunctionMax(DisjunctionMaxQuery(queries: [term, .matchNone], tieBreaker: 0.25)),
            .range(
                RangeQuery(
                    field: "f", lower: RangeBound(value: .integer(1), isInclusive: true),
                    upper: RangeBound(value: .integer(2), isInclusive: false), boost: 5)),
            .range(RangeQuery(field: "f", lower: nil, upper: nil)),
            .termSet(TermSetQuery(field: "f", values: values, boost: 6)),
            .exists(ExistsQuery(field: "f", boost: 8)),
            .moreLikeThis(like),
            .moreLikeThis(MoreLikeThisQuery(like: .text([0x61]))),
        ] + patterns.map { .expansion(ExpansionQuery(field: "f", pattern: $0, boost: 9)) }
    }

    @Test(arguments: [WireCodec.protobuf, .json])
    func `every kind of node comes back as it was`(codec: WireCodec) throws {
        for query in Self.everyKind {
            let frame = codec.encodeOwn(query.wire)
            let wire = try codec.decode(WireQuery.self, from: frame)
            #expect(try Query(wire: wire) == query)
        }
    }

    @Test
    func `the octets of every kind of node are those of the general encoder`() {
        let other = Query.term(TermQuery(field: "f", term: Array("語".utf8), boost: 0))
        let long = Query.term(TermQuery(field: "f", term: Array(repeating: 0x61, count: 200)))
        let group = Query.boolean(BooleanQuery(must: Self.everyKind, should: [other, long]))
        let broken = Query.term(TermQuery(field: "f", term: [0x61, 0xFF]))
        for query in Self.everyKind + [other, long, broken, group, .boolean(BooleanQuery())] {
            #expect(query.encoded == WireCodec.protobuf.encodeOwn(query.wire))
        }
    }

    @Test
    func `nodes without what they need are refused`() throws {
        var range = WireQuery()
        range.range.lower = WireRangeBound()
        var expansion = WireQuery()
        expansion.expansion = WireExpansionQuery()
        var best = WireQuery()
        best.disjunctionMax.tieBreaker = .nan
        var like = WireQuery()
        like.moreLikeThis = WireMoreLikeThisQuery()
        var constant = WireQuery()
        constant.constantScore.boost = 1
        for wire in [WireQuery(), range, expansion, best, like, constant] {
            let error = #expect(throws: ItemFailure.self) { try Query(wire: wire) }
            #expect(error?.code == .badRequest)
        }
    }

    @Test
    func `nesting through any kind of node is bounded`() throws {
        var query = Self.term
        for level in 0..<100 {
            query =
                level.isMultiple(of: 2)
                ? .constantScore(ConstantScoreQuery(query: query))
                : .disjunctionMax(DisjunctionMaxQuery(queries: [query]))
        }
        let wire = query.wire
        #expect(throws: ItemFailure.self) { try Query(wire: wire) }
    }
}
