import TestSupport
import Testing

@testable import SearchIndex

struct MoreLikeThisTests {
    private let folder: ScratchFolder
    private let index: EmbeddedIndex

    init() throws {
        folder = try ScratchFolder()
        let schema = try Schema(
            fields: [.text("title"), .text("body"), .keyword("tag")],
            defaultFields: ["title", "body"])
        let lines = [
            #"{"id":"a","title":"engine","body":"fast engine, small engine, red"}"#,
            #"{"id":"b","body":"engine of red trains"}"#,
            #"{"id":"c","body":"red red trains","tag":"t"}"#,
            #"{"id":"d","body":["rare rare words","rare trains"],"tag":"t"}"#,
        ]
        index = try EmbeddedIndex(
            directory: try folder.build(lines, shards: 3, schema: schema))
    }

    private func rewritten(_ query: MoreLikeThisQuery) throws -> Query {
        var meter = WorkMeter(control: .none)
        return try index.rewritten(.moreLikeThis(query), &meter)
    }

    private func terms(of query: Query) -> [String] {
        guard case .boolean(let group) = query else { return [] }
        return group.should.compactMap { query in
            guard case .term(let term) = query else { return nil }
            return "\(term.field):\(String(decoding: term.term, as: UTF8.self))"
        }
    }

    private func query(
        like: MoreLikeThisQuery.Source, fields: [String] = [], least: Int = 1
    ) -> MoreLikeThisQuery {
        var query = MoreLikeThisQuery(like: like, fields: fields)
        query.minimumTermFrequency = least
        query.minimumDocumentFrequency = 1
        return query
    }

    @Test func `the terms with the highest tf times idf are taken, in their order`() throws {
        // Of four documents two hold "engine", three "red" and "trains", none "unknown".
        let text = Array("engine engine red trains unknown".utf8)
        var like = query(like: .text(text), fields: ["body"])
        #expect(
            terms(of: try rewritten(like)) == ["body:engine", "body:red", "body:trains"])
        like.maximumQueryTerms = 1
        #expect(terms(of: try rewritten(like)) == ["body:engine"])
        like.maximumDocumentFrequency = 1
        #expect(try rewritten(like) == .matchNone)
    }

    @Test func `bounds on frequencies leave terms out`() throws {
        let text = Array("rare red red red".utf8)
        #expect(
            terms(of: try rewritten(query(like: .text(text), fields: ["body"], least: 2)))
                == ["body:red"])
        var like = query(like: .text(text), fields: ["body"])
        like.minimumDocumentFrequency = 2
        #expect(terms(of: try rewritten(like)) == ["body:red"])
    }

    @Test func `a document is found by its id, all its values and default fields count`() throws {
        #expect(
            terms(of: try rewritten(query(like: .document(id: Array("d".utf8)), least: 2)))
                == ["body:rare"])
        #expect(
            Set(terms(of: try rewritten(query(like: .document(id: Array("a".utf8)))))).isSuperset(
                of: ["title:engine", "body:engine", "body:fast"]))
        #expect(
            terms(of: try rewritten(query(like: .document(id: Array("c".utf8)), fields: ["tag"])))
                == ["tag:t"])
        #expect(throws: SearchError.noSuchDocument(id: "nobody")) {
            try rewritten(query(like: .document(id: Array("nobody".utf8))))
        }
    }

    @Test func `a search finds what is like the document, at any depth of the tree`() throws {
        let like = Query.moreLikeThis(query(like: .document(id: Array("d".utf8)), fields: ["body"]))
        let nested = Query.boolean(
            BooleanQuery(must: [like], mustNot: [.term(TermQuery(field: "tag", term: [0x74]))]))
        try nested.validate(schema: index.description.schema)
        let answer = try index.search(nested, limit: 10)
        #expect(answer.hits.map { String(decoding: $0.hit.id, as: UTF8.self) } == ["b"])
    }

    @Test func `equal weights come in the order of fields, then of bytes`() throws {
        let text = Array("small fast".utf8)
        #expect(
            terms(of: try rewritten(query(like: .text(text), fields: ["body"])))
                == ["body:fast", "body:small"])
    }
}
