import TestSupport
import Testing

@testable import SearchIndex

/// Fragments of stored texts with the words of a query marked.
struct SnippetTests {
    private static func index(_ body: [String], kind: Field.Kind = .text) throws -> ScratchIndex {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("id")
        writer.string("a")
        writer.key("body")
        writer.beginArray()
        for text in body { writer.string(text) }
        writer.endArray()
        writer.endObject()
        let schema = try Schema(fields: [
            Field(name: "body", kind: kind), .text("title"), Field(name: "n", kind: .integer),
            Field(name: "gone", kind: .text, isStored: false),
        ])
        return try ScratchIndex([writer.bytes], schema: schema, shards: 1)
    }

    private func fragments(
        _ body: [String], _ query: String, _ options: SnippetOptions = SnippetOptions(),
        kind: Field.Kind = .text
    ) throws -> [String] {
        let index = try Self.index(body, kind: kind).index
        let parsed = try index.parse(query)
        let hit = try #require(try index.search(.matchAll(boost: 1), limit: 1).hits.first)
        let found = try index.snippets(
            of: hit, query: parsed, fields: ["body"], options: options)
        #expect(found.allSatisfy { $0.field == "body" })
        return found.first?.fragments ?? []
    }

    /// Queries over one text, and what is marked of it.
    static let marked: [(query: String, fragment: String)] = [
        ("fox", "The Red <em>FOX</em>, and the red snow."),
        ("body:fox body:SNOW", "The Red <em>FOX</em>, and the red <em>snow</em>."),
        ("\"red snow\"", "The Red FOX, and the <em>red</em> <em>snow</em>."),
        ("\"fox red\"~2", "The Red <em>FOX</em>, and the <em>red</em> snow."),
        ("sno*", "The Red FOX, and the red <em>snow</em>."),
        ("body:/f.x/ sn?w", "The Red <em>FOX</em>, and the red <em>snow</em>."),
        ("fix~1", "The Red <em>FOX</em>, and the red snow."),
        ("fox NOT snow", "The Red <em>FOX</em>, and the red snow."),
        ("body: IN [fox snow]", "The Red <em>FOX</em>, and the red <em>snow</em>."),
    ]

    @Test(arguments: marked)
    func `the words of the query are marked`(query: String, fragment: String) throws {
        #expect(try fragments(["The Red FOX, and the red snow."], query) == [fragment])
    }

    @Test(arguments: ["absent", "title:fox", "\"snow fox\"", "NOT fox"])
    func `what the query does not look for in the field is not marked`(query: String) throws {
        #expect(try fragments(["a fox in the snow"], query).isEmpty)
    }

    @Test
    func `the best fragment holds the most different words`() throws {
        let filler = Array(repeating: "filler", count: 60).joined(separator: " ")
        let text = "red red red \(filler) red fox \(filler) fox"
        let options = SnippetOptions(fragments: 2, length: 40)
        let found = try fragments([text], "red fox", options)
        #expect(found.count == 2)
        #expect(found.first?.contains("<em>red</em> <em>fox</em>") == true, "\(found)")
        #expect(found.last?.hasPrefix("<em>red</em> <em>red</em> <em>red</em>") == true, "\(found)")
    }

    @Test
    func `fragments are cut at words and keep to the length`() throws {
        var random = SeededRandom.forTest("fragments")
        let vocabulary = [
            "fox", "snöw", "日本", "Größe", "in", "a", "extraordinarily", "😀", "e\u{301}t",
        ]
        for _ in 0..<300 {
            let count = Int.random(in: 1...200, using: &random)
            let words = (0..<count).map { _ in vocabulary.randomElement(using: &random) ?? "" }
            let text = words.joined(separator: " ")
            let length = Int.random(in: 1...200, using: &random)
            let options = SnippetOptions(
                openingMark: "", closingMark: "", fragments: 5, length: length)
            let found = try fragments([text], "fox größe", options)
            #expect(found.isEmpty != (words.contains("fox") || words.contains("Größe")))
            #expect(found.count <= 5)
            for fragment in found {
                #expect(text.utf8.contains(fragment.utf8))
                #expect(fragment.unicodeScalars.count <= max(length, 5), "\(fragment)")
                let cut = fragment.split(separator: " ").map { String($0) }
                #expect(cut.allSatisfy { word in vocabulary.contains { $0.contains(word) } })
            }
        }
    }

    @Test
    func `marks are the caller's, and the text can be escaped`() throws {
        let options = SnippetOptions(openingMark: "<b>", closingMark: "</b>", escapesHTML: true)
        #expect(
            try fragments(["1 < 2 & \"fox\" > 'x'"], "fox", options)
                == ["1 &lt; 2 &amp; &quot;<b>fox</b>&quot; &gt; &#39;x&#39;"])
    }

    @Test
    func `several values and whole keywords are shown`() throws {
        #expect(
            try fragments(["a fox", "nothing", "fox and fox"], "fox")
                == ["<em>fox</em> and <em>fox</em>", "a <em>fox</em>"])
        #expect(try fragments(["red", "a b"], "body:\"a b\"", kind: .keyword) == ["<em>a b</em>"])
        #expect(try fragments(["/a/b"], "body:\\/a", kind: .facet) == ["<em>/a</em>/b"])
    }

    @Test
    func `options out of range are no trap`() throws {
        for number in [Int.min, -1, 0, Int.max] {
            let few = try fragments(["a fox"], "fox", SnippetOptions(fragments: number))
            #expect(few.count == (number > 0 ? 1 : 0))
            let short = try fragments(["a fox"], "fox", SnippetOptions(length: number))
            #expect(short.count == 1)
        }
    }

    @Test(arguments: ["n", "gone", "none"])
    func `fields without stored text are refused`(name: String) throws {
        let index = try Self.index(["a fox"]).index
        #expect(throws: SearchError.noText(field: name)) {
            try index.snippets(
                in: Array(#"{"id":"a"}"#.utf8), query: .matchAll(boost: 1), fields: [name])
        }
    }

    @Test
    func `bytes that are no document, and texts of any bytes, are no trap`() throws {
        var random = SeededRandom.forTest("snippets of garbage")
        let index = try Self.index(["a fox"]).index
        let query = try index.parse("fox body:f* \"a fox\"")
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(try index.snippets(in: bytes, query: query, fields: ["body"]).isEmpty)
            var terms = HighlightTerms(query, field: "body")
            let text = MarkedText(
                bytes + Array(" fox ".utf8) + bytes, field: .text("body"), terms: &terms)
            for passage in PassageFinder(text, length: 10).best(3) {
                let fragment = FragmentWriter(text: text, options: SnippetOptions())
                    .fragment(passage.range)
                #expect(!fragment.isEmpty)
            }
        }
    }
}

extension Collection where Element: Equatable {
    /// Whether the elements of another collection stand in this one, one behind the other.
    fileprivate func contains(_ other: some Collection<Element>) -> Bool {
        indices.contains { self[$0...].starts(with: other) }
    }
}
