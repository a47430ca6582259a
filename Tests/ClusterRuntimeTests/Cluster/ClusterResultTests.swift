import ClusterCore
import ClusterRuntime
import SearchIndex
import TestSupport
import Testing
import WireMessages
import WireProtocol

/// What answers of a cluster hold, and in which order, compared with the index in process.
@Suite(.timeLimit(.minutes(10)))
struct ClusterResultTests {
    /// One hit, as far as answers have it.
    private struct Hit: Equatable {
        let id: String
        let score: Float
        let values: [FieldValue?]
        let document: [UInt8]
        let snippets: [FieldSnippets]
    }

    private static let selection = ["meta.a", "title", "n"]
    private static let highlighting = Highlighting(
        fields: ["title", "body"], options: SnippetOptions(openingMark: "[", closingMark: "]"))

    private static func settings(_ keys: [SortKey]) -> WireSubmit {
        var settings = WireSubmit()
        settings.indexes = ["x"]
        settings.sort = keys.map(\.wire)
        settings.fields = selection
        settings.highlight = highlighting.wire
        return settings
    }

    /// The first 100 hits of the index in process, and the total.
    private static func expected(
        _ query: Query, _ keys: [SortKey], in index: EmbeddedIndex
    ) throws -> (hits: [Hit], total: UInt64) {
        let selection = try #require(DocumentSelection(selection))
        let highlighter = try index.highlighter(
            for: query, fields: highlighting.fields, options: highlighting.options)
        func hit(
            _ score: Float, _ id: ArraySlice<UInt8>, _ values: [FieldValue?], _ source: [UInt8]
        ) throws -> Hit {
            Hit(
                id: String(decoding: id, as: UTF8.self), score: score, values: values,
                document: try selection.selected(from: source),
                snippets: highlighter.snippets(in: source))
        }
        if keys.isEmpty {
            let found = try index.search(query, limit: 100)
            let hits = try found.hits.map {
                try hit($0.hit.score, $0.hit.id, [], index.document(of: $0))
            }
            return (hits, found.totalHits)
        }
        let found = try index.search(query, sort: keys, limit: 100)
        let hits = try found.hits.map { try hit(0, $0.id, $0.tuple.values, index.document(of: $0)) }
        return (hits, found.totalHits)
    }

    private static func hits(_ answer: ItemAnswer) throws -> [Hit] {
        try zip(answer.hits, answer.documents).map { hit, document in
            Hit(
                id: hit.id, score: hit.score, values: try hit.sort.map(FieldValue.sortValue),
                document: Array(document),
                snippets: hit.snippets.map {
                    FieldSnippets(field: $0.field, fragments: $0.fragments)
                })
        }
    }

    /// The first 100 hits of a cluster, in pages of some size that go on behind each other.
    private static func paged(
        _ item: WireItem, _ keys: [SortKey], size: UInt32, by client: ClientConnection
    ) async throws -> (hits: [Hit], totals: Set<UInt64>) {
        var item = item
        var hits: [Hit] = []
        var totals: Set<UInt64> = []
        while hits.count < 100 {
            item.limit = min(size, UInt32(100 - hits.count))
            let answer = try #require(await client.outcomes([item], settings(keys)).first).get()
            hits += try Self.hits(answer)
            totals.insert(answer.meta.totalHits)
            item.after = answer.meta.next
            if item.after.isEmpty { break }
        }
        return (hits, totals)
    }

    /// A cluster whose worker `a` serves a corpus as index `x`, and the same corpus in one shard.
    private static func serve(
        _ corpus: ResultCorpus, shards: Int
    ) throws -> (cluster: TestCluster, whole: EmbeddedIndex) {
        let cluster = try TestCluster()
        _ = try cluster.buildIndex(
            named: "x", shards: shards, schema: corpus.schema, lines: corpus.lines)
        let whole = try cluster.buildIndex(
            named: "whole", shards: 1, schema: corpus.schema, lines: corpus.lines)
        try cluster.startWorker("a", serving: "x", .all)
        return (cluster, whole)
    }

    @Test(arguments: [1, 2, 3, 5])
    func `the first 100 of every query, sort and page are those of one shard in process`(
        shards: Int
    ) async throws {
        var random = SeededRandom.forTest("cluster results, \(shards) shards")
        let corpus = try ResultCorpus(documents: 300, using: &random)
        let (cluster, whole) = try Self.serve(corpus, shards: shards)
        try cluster.startWorker("b", serving: "x", .all)
        let client = try cluster.client()
        var matched = 0
        for round in 0..<40 {
            var item = WireItem()
            let query: Query
            if round.isMultiple(of: 3) {
                query = try ResultCorpus.tree(corpus.schema, &random)
                item.query = query.wire
            } else {
                item.text = ResultCorpus.text(&random)
                query = try whole.parse(item.text)
            }
            let keys = ResultCorpus.keys(&random)
            let size = UInt32.random(in: 1...100, using: &random)
            let expected = try Self.expected(query, keys, in: whole)
            let found = try await Self.paged(item, keys, size: max(size, 13), by: client)
            #expect(found.hits == expected.hits, "\(item.text) \(query) \(keys)")
            #expect(found.totals == [expected.total], "\(item.text) \(query)")
            matched += expected.hits.isEmpty ? 0 : 1
        }
        #expect(matched > 20)
        await client.close()
    }

    @Test(arguments: [1, 3])
    func `an explanation is that of the index in process, number by number`(
        shards: Int
    ) async throws {
        var random = SeededRandom.forTest("cluster explanations, \(shards) shards")
        let corpus = try ResultCorpus(documents: 150, using: &random)
        let (cluster, whole) = try Self.serve(corpus, shards: shards)
        let client = try cluster.client()
        var matched = 0
        for _ in 0..<30 {
            let query = try ResultCorpus.tree(corpus.schema, &random)
            let id = "d\(Int.random(in: 0..<150, using: &random))"
            let expected = try whole.explain(query, documentID: Array(id.utf8))
            var item = WireItem()
            item.query = query.wire
            item.explain = id
            let answer = try #require(await client.outcomes([item]).first).get()
            #expect(Explanation(wire: answer.meta.explanation) == expected, "\(query) \(id)")
            #expect(answer.hits.isEmpty)
            #expect(answer.meta.coverage.shards == 1)
            matched += expected.isMatch ? 1 : 0
        }
        #expect(matched > 5)
        await client.close()
    }

    @Test
    func `a document that is not there is NOT_FOUND, to explain and to be like`() async throws {
        let cluster = try TestCluster()
        for name in ["x", "y"] {
            _ = try cluster.buildIndex(named: name, shards: 3, [("a", "one"), ("b", "two")])
            try cluster.startWorker(name, serving: name, .all)
        }
        let client = try cluster.client()
        var submit = WireSubmit()
        submit.indexes = ["x"]
        var absent = WireItem()
        absent.text = "one"
        absent.explain = "nobody"
        var like = WireItem()
        like.query = Query.moreLikeThis(MoreLikeThisQuery(like: .document(id: [0x7A]))).wire
        for (item, id) in [(absent, "nobody"), (like, "z")] {
            let outcome = try #require(await client.outcomes([item], submit).first)
            #expect {
                try outcome.get()
            } throws: { error in
                guard let failure = error as? ItemFailure else { return false }
                return failure.code == .notFound
                    && failure.message.contains("no document with the id \"\(id)\"")
            }
        }
        let several = try #require(await client.outcomes([absent]).first)
        #expect {
            try several.get()
        } throws: {
            ($0 as? ItemFailure)?.message
                == "explain: 2 indexes are asked; name the one with the document"
        }
        await client.close()
    }

    @Test(arguments: [[], [SortKey(field: "sold", isAscending: false), SortKey(field: "n")]])
    func `pages of several indexes with equal hits neither repeat nor miss one`(
        keys: [SortKey]
    ) async throws {
        var random = SeededRandom.forTest("equal indexes")
        let corpus = try ResultCorpus(documents: 40, using: &random)
        let cluster = try TestCluster()
        for (name, shards) in [("x", 2), ("y", 3)] {
            _ = try cluster.buildIndex(
                named: name, shards: shards, schema: corpus.schema, lines: corpus.lines)
            try cluster.startWorker(name, serving: name, .all)
        }
        let client = try cluster.client()
        var settings = WireSubmit()
        settings.indexes = ["x", "y"]
        settings.sort = keys.map(\.wire)
        settings.documents = .none
        var item = WireItem()
        item.text = "*"
        item.limit = 1_000
        let whole = try #require(await client.outcomes([item], settings).first).get()
        #expect(whole.hits.count == 80)
        #expect(zip(whole.hits, whole.hits.dropFirst()).contains { $0.id == $1.id })
        for size in [1, 2, 7] as [UInt32] {
            item.after = ""
            item.limit = size
            var hits: [WireHit] = []
            repeat {
                let page = try #require(await client.outcomes([item], settings).first).get()
                hits += page.hits
                item.after = page.meta.next
            } while !item.after.isEmpty && hits.count <= 80
            #expect(hits == whole.hits, "pages of \(size)")
        }
        await client.close()
    }

    @Test
    func `a lenient pattern with too many terms is cut, and the shards say so`() async throws {
        let cluster = try TestCluster()
        let index = try cluster.buildIndex(
            named: "x", shards: 2, (0..<4_000).map { ("d\($0)", "word\($0) all") })
        try cluster.startWorker("a", serving: "x", .all)
        let client = try cluster.client()
        var item = WireItem()
        item.text = "word*"
        var settings = WireSubmit()
        settings.limit = 5
        let refused = try #require(await client.outcomes([item], settings).first)
        #expect {
            try refused.get()
        } throws: {
            ($0 as? ItemFailure)?.code == .tooLarge
        }
        settings.lenient = true
        let answer = try #require(await client.outcomes([item], settings).first).get()
        let expected = try index.search(
            try index.parse("word*"), limit: 5, limits: ExpansionLimits(excess: .cut))
        #expect(answer.hits.map(\.orderKey) == expected.hits.map(\.hit.orderKey.rawValue))
        #expect((answer.meta.totalHits, answer.meta.totalRelation) == (2_048, .atLeast))
        #expect(expected.total == TotalHits(count: 2_048, isExact: false))
        #expect(answer.meta.coverage.degraded == 2)
        #expect(answer.meta.coverage.ok == 0)
        #expect(answer.meta.coverage.reports.map(\.coveredDocuments) == [0, 0])
        item.text = "all"
        let whole = try #require(await client.outcomes([item], settings).first).get()
        #expect(whole.meta.coverage.ok == 2)
        #expect((whole.meta.totalHits, whole.meta.totalRelation) == (4_000, .exact))
        await client.close()
    }

    @Test
    func `the total is exact, or said to be a lower bound`() async throws {
        let cluster = try TestCluster()
        _ = try cluster.buildIndex(
            named: "x", shards: 3, (0..<3_000).map { ("d\($0)", "a\($0 % 3) all b\($0 % 5)") })
        try cluster.startWorker("a", serving: "x", .all)
        let client = try cluster.client()
        var item = WireItem()
        item.text = "a1 b2"
        for (count, isExact) in [(nil, true), (0, false), (UInt64.max, true)] as [(UInt64?, Bool)] {
            var settings = WireSubmit()
            settings.limit = 3
            if let count { settings.countUpTo = count }
            let answer = try #require(await client.outcomes([item], settings).first).get()
            #expect((answer.meta.totalRelation == .exact) == isExact)
            if isExact {
                #expect(answer.meta.totalHits == 1_400)
            } else {
                #expect(answer.meta.totalHits <= 1_400)
            }
        }
        await client.close()
    }

    /// Changes to a SUBMIT and its item that are refused, and what is said.
    private static let wrong:
        [(change: @Sendable (inout WireSubmit, inout WireItem) -> Void, message: String)] = [
            (
                { submit, _ in submit.sort = [SortKey(field: "zzz").wire] },
                #"cannot sort by "zzz": the schema has no such field; sortable: "n""#
            ),
            (
                { submit, _ in
                    submit.sort = ["n", "price", "day", "sold", "tag"].map {
                        SortKey(field: $0).wire
                    }
                }, "cannot sort by 5 keys"
            ),
            (
                { submit, _ in submit.highlight.fields = ["title", "n"] },
                #"field "n" has no text to highlight"#
            ),
            ({ submit, _ in submit.fields = ["a", ""] }, "fields: expected"),
            ({ _, item in item.after = "nonsense" }, #""after" is no place to go on"#),
            (
                { submit, item in
                    submit.sort = [SortKey(field: "n").wire]
                    item.after =
                        ResultCursor(
                            score: 0,
                            tuple: SortTuple(values: [.bool(true)], orderKey: OrderKey(1)),
                            id: [], index: "x"
                        ).token
                }, #"has a value for "n" that is no integer"#
            ),
            (
                { submit, _ in
                    submit.highlight.fields = ["title"]
                    submit.highlight.openingMark = String(repeating: "<", count: 101)
                }, "a mark has more than 100 bytes"
            ),
        ]

    @Test
    func `what cannot be answered so is refused before any shard is asked`() async throws {
        var random = SeededRandom.forTest("wrong results")
        let corpus = try ResultCorpus(documents: 10, using: &random)
        let cluster = try TestCluster()
        _ = try cluster.buildIndex(
            named: "x", shards: 2, schema: corpus.schema, lines: corpus.lines)
        try cluster.startWorker("a", serving: "x", .all)
        let client = try cluster.client()
        for (change, message) in Self.wrong {
            var submit = WireSubmit()
            var item = WireItem()
            item.text = "w1"
            change(&submit, &item)
            let outcome = try #require(await client.outcomes([item], submit).first)
            #expect {
                try outcome.get()
            } throws: { error in
                guard let failure = error as? ItemFailure else { return false }
                return failure.code == .badRequest && failure.message.contains(message)
                    && failure.coverage == nil
            }
        }
        await client.close()
    }
}
