import Foundation
import Testing

/// What answers hold and in which order: sorting, pages, fragments, explanations, selections, counts.
@Suite(.timeLimit(.minutes(10))) struct ResultCommandTests {
    private static let schema = """
        {"fields":[{"name":"title","kind":"text"},{"name":"body","kind":"text"},
        {"name":"year","kind":"integer"},{"name":"tags","kind":"keyword","column":true},
        {"name":"day","kind":"date"}]}
        """

    private static let documents = """
        {"id":"a","title":"red fox","body":"A red fox & a red fence","year":1999,"tags":["y","x"],\
        "meta":{"lang":"en","n":1}}
        {"id":"b","title":"blue whale","body":"It swims far","year":2005,"tags":["z","w"],\
        "day":"2024-02-29"}
        {"id":"c","title":"fox and whale","year":1999}
        {"id":"d","title":"old fox"}
        {"id":"e","title":"fox of the fox","year":2005,"tags":"x"}
        """

    /// A folder with the index `idx` of the documents.
    private func folder() async throws -> ScratchFolder {
        let folder = try ScratchFolder()
        let built = try await swiftlet(
            "index", "build", "--schema", try folder.write("schema.json", Self.schema), "--shards",
            "3", "--output", folder("idx"), try folder.write("in.jsonl", Self.documents))
        try #require(built.status == 0, "\(built.errors)")
        return folder
    }

    private func search(
        _ folder: ScratchFolder, _ arguments: String...
    ) async throws -> Running.End {
        try await run(Executable.path, ["search", "--index", folder("idx")] + arguments)
    }

    private func answer(
        _ folder: ScratchFolder, _ arguments: String...
    ) async throws -> SearchAnswer {
        let found = try await run(
            Executable.path, ["search", "--index", folder("idx"), "--json"] + arguments)
        try #require(found.status == 0, "\(found.errors)")
        return try SearchAnswer(found)
    }

    // MARK: Sorting and pages

    /// Keys, the ids in their order, and the first hit's values.
    static let sorts: [(keys: String, ids: String, first: [SearchAnswer.SortValue])] = [
        ("year", "acbed", [.number(1999)]),
        ("year:desc", "beacd", [.number(2005)]),
        ("year:desc:first", "dbeac", [.missing]),
        // Of several values an ascending key takes the least, a descending one the greatest.
        ("tags", "baecd", [.text("w")]),
        ("tags:desc", "baecd", [.text("z")]),
        ("year:asc,tags:desc:first", "cabed", [.number(1999), .missing]),
        ("day,year:desc", "beacd", [.text("2024-02-29T00:00:00Z"), .number(2005)]),
    ]

    @Test(arguments: sorts.indices)
    func `hits are in the order of the keys, ties in that of the input`(
        number: Int
    ) async throws {
        let (keys, ids, first) = Self.sorts[number]
        let answer = try await answer(try await folder(), "--sort", keys, "*")
        #expect(answer.ids == ids)
        #expect(answer.hits.first?.sort == first)
        #expect(answer.hits.allSatisfy { $0.score == nil })
        #expect(answer.total_hits == 5)
    }

    @Test func `merge strategies order the hits of shards, and fit the rest of a search`()
        async throws
    {
        let folder = try await folder()
        let all = try await answer(folder, "fox")
        let lowest = try await answer(folder, "--merge", "score_asc", "fox")
        #expect(lowest.hits.compactMap(\.score) == all.hits.compactMap(\.score).reversed())
        let shards = try await answer(folder, "--merge", "node_order", "fox").hits.compactMap(
            \.shard)
        #expect(shards == shards.sorted())
        #expect(Set(shards) == Set(all.hits.compactMap(\.shard)))
        let refused = try await search(folder, "--merge", "score_asc", "--sort", "year", "fox")
        #expect(refused.status == 65)
        #expect(refused.errors.contains("SCORE_ASC"))
        #expect(try await search(folder, "--merge", "best", "fox").status == 64)
    }

    @Test func `lines for people show the values that hits are sorted by`() async throws {
        let found = try await search(
            try await folder(), "--sort", "day,year:desc", "--limit", "3", "fox OR whale")
        let lines = found.output.split(separator: "\n")
        try #require(lines.count == 7, "\(found.output)")
        #expect(lines[0] == "1. b  (2024-02-29T00:00:00Z, 2005)  blue whale")
        #expect(lines[2] == "2. e  (-, 2005)  fox of the fox")
        #expect(lines[3] == "3. a  (-, 1999)  red fox")
        #expect(lines[6].hasPrefix("next page: --after "))
    }

    @Test(arguments: [[], ["--sort", "year:desc"], ["--sort", "tags:asc:first,year"]])
    func `pages made with --after are together the whole list`(sort: [String]) async throws {
        let folder = try await folder()
        func page(_ arguments: [String]) async throws -> SearchAnswer {
            let found = try await run(
                Executable.path,
                ["search", "--index", folder("idx"), "--json"] + sort + arguments
                    + ["fox OR whale"])
            try #require(found.status == 0, "\(found.errors)")
            return try SearchAnswer(found)
        }
        let whole = try await page([])
        #expect(whole.next == nil)
        #expect(whole.hits.count == 5)
        var hits: [SearchAnswer.Hit] = []
        var next: String?
        for _ in 0...2 {
            let after = next.map { ["--after", $0] } ?? []
            let answer = try await page(["--limit", "2"] + after)
            hits += answer.hits
            next = answer.next
            #expect(answer.total_hits == 5)
        }
        #expect(hits == whole.hits)
        #expect(next == nil)
    }

    // MARK: What hits hold

    @Test func `--highlight gives the fragments of each field that has any`() async throws {
        let folder = try await folder()
        let found = try await answer(folder, "--highlight", "title,body", "--sort", "year", "fox")
        #expect(found.ids == "aced")
        #expect(
            found.hits.map(\.highlights) == [
                [
                    "title": ["red <em>fox</em>"],
                    "body": ["A red <em>fox</em> & a red fence"],
                ],
                ["title": ["<em>fox</em> and whale"]],
                ["title": ["<em>fox</em> of the <em>fox</em>"]],
                ["title": ["old <em>fox</em>"]],
            ])
        let short = try await search(
            folder, "--highlight", "body", "--fragments", "2", "--fragment-size", "5", "red")
        #expect(
            short.output.split(separator: "\n").dropFirst().prefix(2) == [
                "   body: <em>red</em>", "   body: <em>red</em>",
            ], "\(short.output)")
    }

    @Test func `--fields gives the members named and no others`() async throws {
        let folder = try await folder()
        let found = try await answer(folder, "--fields", "meta.lang,year,none", "red OR old")
        #expect(found.ids == "ad")
        #expect(
            found.hits.map(\.document) == [
                .init(
                    id: nil, title: nil, year: 1999, meta: .init(lang: "en", n: nil)),
                .init(id: nil, title: nil, year: nil, meta: nil),
            ])
        let lines = try await search(folder, "--fields", "meta", "red")
        #expect(lines.output.contains("\n   {\"meta\":{\"lang\":\"en\",\"n\":1}}\n"))
        let ids = try await answer(folder, "--ids-only", "--highlight", "title", "red")
        #expect(ids.hits.map(\.document) == [nil])
        #expect(ids.hits.map(\.highlights) == [["title": ["<em>red</em> fox"]]])
    }

    @Test func `--count says how exactly matches are counted`() async throws {
        let folder = try await folder()
        for (count, isExact) in [("exact", true), ("none", false), ("100", true)] {
            let found = try await answer(folder, "--count", count, "--limit", "1", "fox")
            #expect((found.total_relation == nil) == isExact, "\(count)")
            if isExact { #expect(found.total_hits == 4) }
        }
        let lines = try await search(folder, "--count", "none", "--limit", "1", "fox")
        #expect(lines.output.contains("\nat least "), "\(lines.output)")
    }

    @Test func `a pattern that was cut is said, and exits with 1`() async throws {
        let folder = try ScratchFolder()
        let lines = (0..<1_100).map { #"{"id":"\#($0)","body":"word\#($0)"}"# }
        let built = try await swiftlet(
            "index", "build", "--shards", "1", "--output", folder("idx"),
            try folder.write("in.jsonl", lines.joined(separator: "\n")))
        try #require(built.status == 0, "\(built.errors)")
        let refused = try await search(folder, "word*")
        #expect(refused.status == 65)
        #expect(refused.errors.contains("more than 1024 terms"), "\(refused.errors)")
        let cut = try await search(folder, "--lenient", "--limit", "1", "word*")
        #expect(cut.status == 1)
        #expect(
            cut.output.contains(
                "at least 1024 documents match; 1 of 1 shards answered, 1 of them for the first "
                    + "terms of a pattern only"), "\(cut.output)")
        let reason = "pattern body:word* was cut to its first 1024 terms"
        #expect(cut.errors.contains("hits of shard idx/0 may be missing: \(reason)\n"))
        let json = try await search(folder, "--lenient", "--json", "--limit", "1", "word*")
        #expect(json.status == 1)
        #expect(json.output.contains(#""total_hits":1024,"total_relation":"AT_LEAST""#))
        let member = #"{"index":"idx","shard":0,"code":"TOO_LARGE","message":"\#(reason)"}"#
        #expect(json.output.contains(#""degradations":[\#(member)]"#), "\(json.output)")
    }

    // MARK: Explanations

    private struct Explained: Decodable {
        struct Node: Decodable {
            let match: Bool
            let value: Float?
            let description: String
            let details: [Node]?
        }
        let query: String
        let id: String
        let explanation: Node
    }

    @Test(arguments: ["title:fox^3 body:red", "year:1999 \"red fox\" fenc*"])
    func `the value at the root of --explain is the score of the search`(
        query: String
    ) async throws {
        let folder = try await folder()
        let hits = try await answer(folder, query).hits
        try #require(!hits.isEmpty)
        for hit in hits {
            let found = try await search(folder, "--json", "--explain", hit.id, query)
            let explained = try JSONDecoder().decode(
                Explained.self, from: Data(found.output.utf8))
            #expect((explained.query, explained.id) == (query, hit.id))
            #expect(explained.explanation.match)
            #expect(explained.explanation.value == hit.score)
        }
        let best = hits[0]
        let text = try await search(folder, "--explain", best.id, query)
        let first = try #require(text.output.split(separator: " ").first)
        #expect(Float(first) == best.score)
    }

    @Test func `--explain says that a document does not match, or that there is none`()
        async throws
    {
        let folder = try await folder()
        let other = try await search(folder, "--explain", "b", "title:fox")
        #expect(other.status == 0)
        #expect(
            other.output == "no match = term title:fox: the document does not hold it\n")
        let absent = try await search(folder, "--explain", "zzz", "fox")
        #expect(absent.status == 65)
        #expect(
            absent.errors
                == "swiftlet: NOT_FOUND: no document with the id \"zzz\"; it may have been deleted\n"
        )
    }

    // MARK: Through a broker

    @Test func `a cluster gives the same answers with the same options`() async throws {
        let folder = try await folder()
        try FileManager.default.createDirectory(
            atPath: folder("data"), withIntermediateDirectories: false)
        try FileManager.default.moveItem(atPath: folder("idx"), toPath: folder("data/birds"))
        let options: [[String]] = [
            ["--sort", "year:desc,tags", "--limit", "2", "*"],
            ["--sort", "day:asc:first", "--ids-only", "fox OR whale"],
            ["--highlight", "title,body", "--fragment-size", "9", "red OR fox"],
            ["--highlight", "title", "--ids-only", "--limit", "1", "fox"],
            ["--fields", "meta.n,title", "--limit", "3", "--offset", "1", "fox OR whale"],
            ["--count", "100", "--limit", "1", "fox"],
        ]
        try await Cluster.run(in: folder, serving: ["[0, 1]", "[1, 2]"], replicas: 1) { cluster in
            for options in options {
                let search = ["search", "--json"] + options
                let local = try await run(
                    Executable.path, search + ["--index", folder("data/birds")])
                let remote = try await run(Executable.path, search + ["--broker", cluster.clients])
                try #require(local.status == 0, "\(local.errors)")
                try #require(remote.status == 0, "\(remote.errors)")
                let (expected, found) = (try SearchAnswer(local), try SearchAnswer(remote))
                #expect(found.hits == expected.hits, "\(options)")
                #expect(!found.hits.isEmpty)
                #expect(found.total_hits == expected.total_hits, "\(options)")
                #expect((found.next == nil) == (expected.next == nil), "\(options)")
            }
            for form in [[], ["--json"]] {
                let explain = ["search", "--explain", "a"] + form + ["title:fox^2 body:red"]
                let local = try await run(
                    Executable.path, explain + ["--index", folder("data/birds")])
                let remote = try await run(
                    Executable.path, explain + ["--broker", cluster.clients])
                #expect(remote.output == local.output)
                #expect(remote.output.contains("idf of title:fox"))
            }
            let wrong = try await swiftlet(
                "search", "--broker", cluster.clients, "--sort", "title", "fox")
            #expect(wrong.status == 65)
            #expect(wrong.errors.contains(#"cannot sort by "title": it has no column"#))
        }
    }

    // MARK: Wrong options

    /// Options, the exit status, and what is said.
    static let wrong: [(options: [String], status: Int32, message: String)] = [
        (["--sort", "year:up"], 64, "--sort 'year:up': expected FIELD, FIELD:asc or FIELD:desc"),
        (["--sort", "a,b,c,d,e"], 64, "up to 4 of them"),
        (["--sort", ""], 64, "--sort '': expected"),
        (["--fields", "a,,b"], 64, "--fields 'a,,b': expected 1 to 256 names"),
        (["--highlight", ""], 64, "--highlight '': expected 1 to 256 names"),
        (["--fragments", "0"], 64, "--fragments 0: expected 1 to 100"),
        (["--fragment-size", "10001"], 64, "--fragment-size 10001: expected 1 to 10000"),
        (["--count", "some"], 64, "--count 'some': expected exact, none, or a number"),
        (["--explain", "a", "--sort", "year"], 64, "--explain and --sort"),
        (
            ["--sort", "yeer"], 65,
            #"cannot sort by "yeer": the schema has no such field; sortable: "year", "tags", "day""#
        ),
        (["--sort", "title"], 65, #"cannot sort by "title": it has no column; sortable: "year""#),
        (["--sort", "year,year:desc"], 65, #"cannot sort by "year" twice"#),
        (["--sort", "_score"], 65, "leave the keys out to sort by score"),
        (["--highlight", "year"], 65, #"field "year" has no text to highlight"#),
        (["--after", "nonsense"], 65, #""after" is no place to go on"#),
        (
            ["--after", "AQCoW4Y_AAAAAAAAAAABYXIuaWR4", "--sort", "year"], 65,
            #"("after") has 0 values, but there are 1 sort keys"#
        ),
    ]

    @Test(arguments: wrong.indices)
    func `a wrong option is named with its value and what is expected`(
        number: Int
    ) async throws {
        let (options, status, message) = Self.wrong[number]
        let folder = try await folder()
        let refused = try await run(
            Executable.path, ["search", "--index", folder("idx")] + options + ["fox"])
        #expect(refused.status == status)
        #expect(refused.errors.contains(message), "\(refused.errors)")
        #expect(refused.output.isEmpty)
    }

    @Test func `a batch takes the same options, and lines that go on behind a page`()
        async throws
    {
        let folder = try await folder()
        let first = try await answer(folder, "--sort", "year", "--limit", "2", "*")
        let next = try #require(first.next)
        let input = try folder.write(
            "queries",
            """
            {"text":"*","limit":2}
            {"text":"*","limit":2,"after":"\(next)"}
            """)
        let batch = [
            "batch", "--index", folder("idx"), "--input", input, "--output", folder("out"),
            "--sort", "year", "--fields", "title",
        ]
        let done = try await run(Executable.path, batch)
        #expect(done.status == 0, "\(done.errors)")
        let answers = try String(decoding: folder.bytes("out"), as: UTF8.self)
            .split(separator: "\n")
            .map { try JSONDecoder().decode(SearchAnswer.self, from: Data($0.utf8)) }
        #expect(answers.map(\.ids) == ["ac", "be"])
        #expect(answers.first?.hits.first?.document?.title == "red fox")
        let refused = try await run(Executable.path, batch + ["--format", "trec"])
        #expect(refused.status == 64)
        #expect(refused.errors.contains("--format trec and --sort"))
    }
}
