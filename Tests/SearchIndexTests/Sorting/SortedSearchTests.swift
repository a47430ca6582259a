import TestSupport
import Testing

@testable import SearchIndex

/// Hits in the order of columns, and pages of them.
@Suite(.timeLimit(.minutes(10)))
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
        for (shards, perSegment) in [(1, 1_000), (1, 90), (3, 60)] {
            let deleted = Set(documents.indices.filter { perSegment < 100 && $0 % 7 == 3 })
            let scratch = try ScratchIndex(
                lines, schema: try Self.schema(), shards: shards, perSegment: perSegment,
                deletedIDs: deleted.map { "d\($0)" })
            let query = try scratch.index.parse("word")
            for _ in 0..<10 {
                let keys = Self.keys(&random)
                let expected = documents.enumerated()
                    .filter { $0.element.hasWord && !deleted.contains($0.offset) }
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
        let scratch = try ScratchIndex(
            corpus, shards: shards, perSegment: 200,
            deleted: IndexVariant.someOf(corpus, oneIn: 9, &random))
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
        ([SortKey(field: "zzz")], nil, SortError(.unknownField, field: "zzz", sortable: fields)),
        ([SortKey(field: "plain")], nil, SortError(.noColumn, field: "plain", sortable: fields)),
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

    @Test
    func `an offset leaves out the first hits, those behind a place too`() throws {
        var random = SeededRandom.forTest("sort offsets")
        let (_, lines) = Self.documents(60, &random)
        let scratch = try ScratchIndex(lines, schema: try Self.schema(), shards: 3)
        let keys = [SortKey(field: "n", isAscending: false)]
        let all = try scratch.index.search(.matchAll(boost: 1), sort: keys, limit: 60).hits
        for (offset, after) in [(0, 0), (7, 0), (0, 20), (5, 11), (60, 0), (Int.max, 3)] {
            let place = after > 0 ? all[after - 1].tuple : nil
            let page = try scratch.index.search(
                .matchAll(boost: 1), sort: keys, after: place, limit: 9, offset: offset)
            let start = offset > 60 ? 60 : min(60, after + offset)
            #expect(page.hits == Array(all[start..<min(60, start + 9)]))
        }
    }

    @Test
    func `the very place can be included`() throws {
        var random = SeededRandom.forTest("sort places")
        let (_, lines) = Self.documents(40, &random)
        let scratch = try ScratchIndex(lines, schema: try Self.schema(), shards: 1)
        let index = scratch.index
        let keys = [SortKey(field: "k"), SortKey(field: "b", isAscending: false)]
        let all = try index.search(.matchAll(boost: 1), sort: keys, limit: 40).hits
        for (position, hit) in all.enumerated() {
            let found = try index.shards[0].search(
                .matchAll(boost: 1), sort: keys, k: 100,
                statistics: index.description.statistics, after: hit.tuple, includesPlace: true)
            #expect(found.hits == Array(all[position...]))
            #expect(found.totalHits == 40)
        }
    }

    @Test
    func `a pattern with too many terms is refused, or cut and told`() throws {
        let lines = (0..<30).map { Array(#"{"id":"d\#($0)","body":"word\#($0)","n":\#($0)}"#.utf8) }
        let scratch = try ScratchIndex(lines, schema: try Self.schema(), shards: 1)
        let query = try scratch.index.parse("word*")
        let keys = [SortKey(field: "n", isAscending: false)]
        #expect(throws: SearchError.tooManyTerms(field: "body", limit: 5)) {
            try scratch.index.search(
                query, sort: keys, limit: 3, limits: ExpansionLimits(maximumTerms: 5))
        }
        let cut = try scratch.index.search(
            query, sort: keys, limit: 9,
            limits: ExpansionLimits(maximumTerms: 3, excess: .cut))
        // The first in byte order: word0, word1, word10.
        #expect(cut.hits.map { String(decoding: $0.id, as: UTF8.self) } == ["d10", "d1", "d0"])
        #expect(cut.degradedShards == 1)
        #expect(cut.total == TotalHits(count: 3, isExact: false))
        let whole = try scratch.index.search(query, sort: keys, limit: 9)
        #expect(whole.degradedShards == 0)
        #expect(whole.total == TotalHits(count: 30, isExact: true))
    }

    /// Values that some documents have, and others between and beside them.
    private static func bounds(of field: String) -> [FieldValue?] {
        let numbers = Array(Int64(-5)...5)
        let values: [FieldValue] =
            switch field {
            case "n": numbers.map { .integer($0) }
            case "k":
                ["", "k", "k-1", "k-2", "k-2x", "k0", "k3", "k4", "z"].map { .text(Array($0.utf8)) }
            case "d": numbers.map { .double(Double($0) / 4) }
            case "b": [.bool(false), .bool(true)]
            default: numbers.map { .date($0) }
            }
        return values + [nil]
    }

    @Test
    func `a fence admits exactly the values that do not come behind its own`() throws {
        var random = SeededRandom.forTest("fences")
        let (_, lines) = Self.documents(80, &random)
        let scratch = try ScratchIndex(lines, schema: try Self.schema(), shards: 1)
        let segment = try #require(scratch.index.shards[0].shard.segments.first)
        for field in Self.fields {
            for (isAscending, missing) in [
                (true, SortKey.Missing.last), (true, .first), (false, .last), (false, .first),
            ] {
                let key = SortKey(field: field, isAscending: isAscending, missing: missing)
                let sorter = ColumnSorter([key], in: segment)
                for bound in Self.bounds(of: field) {
                    let place = SortTuple(values: [bound], orderKey: OrderKey(0))
                    let fence = try #require(try sorter.fence(of: place))
                    for number in 0..<80 as Range<UInt32> {
                        let document = DocumentNumber(number)
                        let values = try sorter.tuple(of: document).values
                        let tuple = SortTuple(values: values, orderKey: OrderKey(0))
                        let isAdmitted = try sorter.admits(document, fence)
                        #expect(
                            isAdmitted == !place.precedes(tuple, by: [key]),
                            "\(key.text), \(bound?.text ?? "-"), \(values)")
                    }
                }
            }
        }
    }
}
