import TestSupport
import Testing

@testable import SearchIndex

/// Hits in the order of columns, and pages of them.
@Suite(.timeLimit(.minutes(2)))
struct SortedSearchTests {
    /// A random document as the test knows it.
    private struct Document {
        var values: [String: FieldValue] = [:]
        var hasWord = false
    }

    private static let fields = ["n", "k", "d", "b", "t"]

    private static func schema() throws -> Schema {
        try Schema(fields: [
            .text("body"), Field(name: "n", kind: .integer, isColumn: true),
            Field(name: "k", kind: .keyword, isColumn: true),
            Field(name: "d", kind: .double, isColumn: true),
            Field(name: "b", kind: .bool, isColumn: true),
            Field(name: "t", kind: .date, isColumn: true), .keyword("plain"),
        ])
    }

    private static func documents(
        _ count: Int, _ random: inout SeededRandom
    ) -> (documents: [Document], lines: [[UInt8]]) {
        var documents: [Document] = []
        var lines: [[UInt8]] = []
        for number in 0..<count {
            var document = Document()
            document.hasWord = Int.random(in: 0..<3, using: &random) > 0
            var line = "{\"id\":\"d\(number)\",\"body\":\"\(document.hasWord ? "word" : "other")\""
            for field in fields where Int.random(in: 0..<4, using: &random) > 0 {
                let number = Int64.random(in: -3...3, using: &random)
                let (value, text): (FieldValue, String) =
                    switch field {
                    case "n": (.integer(number), "\(number)")
                    case "k": (.text(Array("k\(number)".utf8)), "\"k\(number)\"")
                    case "d": (.double(Double(number) / 2), "\(Double(number) / 2)")
                    case "b": (.bool(number > 0), "\(number > 0)")
                    default: (.date(number), "\(number)")
                    }
                document.values[field] = value
                line += ",\"\(field)\":\(text)"
            }
            documents.append(document)
            lines.append(Array((line + "}").utf8))
        }
        return (documents, lines)
    }

    private static func keys(_ random: inout SeededRandom) -> [SortKey] {
        let count = Int.random(in: 1...SortKey.maximumKeys, using: &random)
        return fields.shuffled(using: &random).prefix(count).map {
            SortKey(
                field: $0, isAscending: Bool.random(using: &random),
                missing: Bool.random(using: &random) ? .first : .last)
        }
    }

    @Test
    func `every list is that of a full sort, and pages of any size make it up`() throws {
        var random = SeededRandom.forTest("sorted pages")
        let (documents, lines) = Self.documents(500, &random)
        for shards in [1, 3] {
            let scratch = try ScratchIndex(lines, schema: try Self.schema(), shards: shards)
            let query = try scratch.index.parse("word")
            for _ in 0..<10 {
                let keys = Self.keys(&random)
                let expected = documents.enumerated().filter(\.element.hasWord)
                    .map { number, document in
                        SortTuple(
                            values: keys.map { document.values[$0.field] },
                            orderKey: OrderKey(UInt64(number)))
                    }
                    .sorted { ColumnCorpus.isInOrder($0, $1, keys) }
                let all = try scratch.index.search(query, sort: keys, limit: 1_000)
                #expect(all.hits.map(\.tuple) == expected, "\(keys)")
                #expect(all.totalHits == UInt64(expected.count))
                let size = Int.random(in: 1...120, using: &random)
                var pages: [SortedHit] = []
                var after: SortTuple?
                while true {
                    let page = try scratch.index.search(
                        query, sort: keys, after: after, limit: size)
                    #expect(page.totalHits == all.totalHits)
                    pages += page.hits
                    guard page.hits.count == size, let last = page.hits.last else { break }
                    after = last.tuple
                }
                #expect(pages == all.hits, "\(keys), pages of \(size)")
            }
        }
    }

    @Test(arguments: [1, 4])
    func `pages by score make up the whole list`(shards: Int) throws {
        var random = SeededRandom.forTest("score pages, \(shards)")
        let corpus = try RandomCorpus(documents: 1_500, words: 20, using: &random)
        let scratch = try ScratchIndex(corpus, shards: shards)
        for round in 0..<24 {
            let text = corpus.query(terms: [1, 2, 3, 5][round % 4], using: &random)
            let query = try scratch.index.parse(text)
            let all = try scratch.index.search(query, limit: 2_000)
            let size = Int.random(in: 10...400, using: &random)
            var pages: [ShardHit] = []
            var after: ScorePlace?
            while true {
                let totals: TotalCounting = round % 2 == 0 ? .exact : .none
                let page = try scratch.index.search(
                    query, limit: size, totals: totals, after: after)
                if totals == .exact { #expect(page.totalHits == all.totalHits) }
                pages += page.hits
                guard page.hits.count == size, let last = page.hits.last else { break }
                after = ScorePlace(last.hit)
            }
            #expect(pages == all.hits, "\(text), pages of \(size)")
        }
    }

    /// Keys and places that do not fit, and why.
    private static let wrong: [([SortKey], SortTuple?, SortError)] = [
        ([], nil, SortError(.numberOfKeys(0))),
        (
            ["n", "k", "d", "b", "t"].map { SortKey(field: $0) }, nil, SortError(.numberOfKeys(5))
        ),
        ([SortKey(field: "zzz")], nil, SortError(.unknownField, field: "zzz")),
        ([SortKey(field: "plain")], nil, SortError(.noColumn, field: "plain")),
        ([SortKey(field: "_score")], nil, SortError(.score, field: "_score")),
        ([SortKey(field: "n"), SortKey(field: "n")], nil, SortError(.repeated, field: "n")),
        (
            [SortKey(field: "n")], SortTuple(values: [], orderKey: OrderKey(0)),
            SortError(.numberOfValues(0, keys: 1))
        ),
        (
            [SortKey(field: "n")], SortTuple(values: [.bool(true)], orderKey: OrderKey(0)),
            SortError(.wrongValue(.integer), field: "n")
        ),
    ]

    @Test
    func `keys and places that do not fit the schema are refused by name`() throws {
        let line = Array(#"{"id":"a","body":"word","n":1}"#.utf8)
        let scratch = try ScratchIndex([line], schema: try Self.schema(), shards: 1)
        for (keys, after, error) in Self.wrong {
            #expect(throws: SearchError.sort(error), "\(error)") {
                try scratch.index.search(.matchAll(boost: 1), sort: keys, after: after, limit: 1)
            }
        }
    }

    @Test
    func `a limit of nothing, or beyond all, is no trap`() throws {
        var random = SeededRandom.forTest("sort limits")
        let (_, lines) = Self.documents(20, &random)
        let scratch = try ScratchIndex(lines, schema: try Self.schema(), shards: 2)
        for (limit, count) in [(-1, 0), (0, 0), (Int.max, 20)] {
            let answer = try scratch.index.search(
                .matchAll(boost: 1), sort: [SortKey(field: "n")], limit: limit)
            #expect(answer.hits.count == count)
            #expect(answer.totalHits == 20)
        }
    }
}
