import SearchIndex
import TestSupport
import Testing

/// Indexes whose fields have chains of their own, built and searched.
struct AnalyzedSearchTests {
    static let schema = #"""
        {"fields": [
           {"name": "english", "kind": "text", "analyzer": "english"},
           {"name": "folded", "kind": "text", "analyzer": "folded"},
           {"name": "words", "kind": "text", "analyzer": "words"},
           {"name": "searched", "kind": "text", "search_analyzer": "words"},
           {"name": "typed", "kind": "text", "analyzer": "typed"},
           {"name": "part", "kind": "text", "analyzer": "part"},
           {"name": "file", "kind": "text", "analyzer": "path"},
           {"name": "cased", "kind": "text", "analyzer": "whitespace"}],
         "analyzers": {
           "english": {"tokenizer": "standard", "filters":
             ["lowercase", {"stop": "english"}, {"stemmer": "english"}]},
           "folded": {"tokenizer": "standard", "filters": ["lowercase", "ascii_folding"]},
           "words": {"tokenizer": "standard", "filters":
             ["lowercase", {"synonyms": ["tv, television, telly", "new york => nyc",
               "cell phone => cell phone, mobile"]}]},
           "typed": {"tokenizer": {"edge_ngram": {"min": 1, "max": 8, "words": true}},
             "filters": ["lowercase"]},
           "part": {"tokenizer": {"ngram": {"min": 2, "max": 3}}, "filters": ["lowercase"]}},
         "default_fields": ["english"]}
        """#

    private func index(_ documents: [[String: String]]) throws -> ScratchIndex {
        let corpus = documents.enumerated().map {
            CorpusDocument(id: "d\($0.offset)", fields: $0.element)
        }
        return try ScratchIndex(
            corpus.map(\.json), schema: try Schema(json: Array(Self.schema.utf8)), shards: 1)
    }

    private func found(_ query: String, _ scratch: ScratchIndex) throws -> [String] {
        let answer = try scratch.index.search(try scratch.index.parse(query), limit: 100)
        return answer.hits.map { String(decoding: $0.hit.id, as: UTF8.self) }.sorted()
    }

    /// The text of a field, a query in it, and whether the query finds the text.
    static let cases: [(field: String, text: String, query: String, isFound: Bool)] = [
        ("english", "She was running", "runs", true),
        ("english", "She was running", "RUN", true),
        ("english", "She was running", "ran", false),
        ("english", "state of the art", "\"state of the art\"", true),
        ("english", "state of the art", "\"states in any arts\"", false),
        ("english", "state of the art", "\"state art\"", false),
        ("english", "state of the art", "\"state art\"~2", true),
        ("english", "She was running", "run*", true),
        ("english", "She was running", "runnin*", false),
        ("english", "She was running", "runnnig~1", false),
        ("english", "She was running", "rinning~1", true),
        ("folded", "Crème brûlée", "CREME", true),
        ("folded", "creme", "crème", true),
        ("folded", "Crème brûlée", "Crè*", true),
        ("folded", "Crème brûlée", "br?l\u{E9}*", true),
        ("folded", "Crème brûlée", "crème~1", true),
        ("cased", "Red fox,", "fox,", true),
        ("cased", "Red fox,", "red", false),
        ("cased", "Red fox,", "R*", true),
        ("cased", "Red fox,", "r*", false),
        ("words", "a television set", "tv", true),
        ("words", "a television set", "telly", true),
        ("words", "a television set", "\"tv set\"", true),
        ("words", "a television set", "\"a telly set\"", true),
        ("words", "a television set", "\"tv television\"", false),
        ("words", "New York city", "nyc", true),
        ("words", "New York city", "\"new york city\"", true),
        ("words", "New York city", "\"nyc city\"", true),
        ("words", "New York city", "york", false),
        ("words", "my cell phone number", "mobile", true),
        ("words", "my cell phone number", "phone", true),
        ("words", "my cell phone number", "\"cell phone number\"", true),
        ("searched", "a television set", "tv", true),
        ("searched", "a television set", "\"telly set\"", true),
        ("typed", "New York City", "yor", true),
        ("typed", "New York City", "\"york c\"", true),
        ("typed", "New York City", "\"new c\"", false),
        ("typed", "New York City", "ork", false),
        ("part", "Hamburger", "amburg", true),
        ("part", "Hamburger", "hambert", false),
        ("part", "Hamburger", "er", true),
        ("file", "/usr/share/doc", "\"/usr/share\"", true),
        ("file", "/usr/share/doc", "\"usr\"", true),
        ("file", "/usr/share/doc", "share", false),
        ("file", "/usr/share/doc", "\"/usr/share/man\"", false),
    ]

    @Test func `queries find what their analyzers make of texts`() throws {
        let scratch = try index(Self.cases.map { [$0.field: $0.text] })
        for (number, example) in Self.cases.enumerated() {
            let ids = try found("\(example.field):\(example.query)", scratch)
            #expect(
                ids.contains("d\(number)") == example.isFound,
                "\(example.field):\(example.query) in \(example.text)")
        }
    }

    @Test func `a synonym scores like the word itself`() throws {
        let texts = ["a television set", "my tv", "a set", "telly telly on"]
        let scratch = try index(texts.map { ["words": $0] })
        let answers = try ["tv", "telly", "television"].map {
            try scratch.index.search(try scratch.index.parse("words:\($0)"), limit: 10).hits
        }
        #expect(answers[0].count == 3)
        #expect(answers[1] == answers[0] && answers[2] == answers[0])
        let plain = Query.term(TermQuery(field: "words", term: Array("tv".utf8)))
        #expect(try scratch.index.search(plain, limit: 10).hits == answers[0])
    }

    @Test func `a phrase of more alternatives than clauses is refused, leniently cut`() throws {
        let scratch = try index([["words": "tv"]])
        let phrase = "words:\"" + Array(repeating: "tv", count: 7).joined(separator: " ") + "\""
        let error = #expect(throws: QueryError.self) { try scratch.index.parse(phrase) }
        #expect(error?.reason == .tooManyClauses(limit: 1024))
        let schema = scratch.index.description.schema
        _ = try QueryParser(schema: schema, mode: .lenient).parse(phrase)
    }

    @Test func `alternatives count as clauses, and the deepest query is valid as a tree`() throws {
        let scratch = try index([["words": "tv"]])
        let depth = QueryLimits().maximumDepth
        for opening in ["(a ", "(a OR b AND "] {
            let text =
                String(repeating: opening, count: depth) + "words:\"tv set\""
                + String(repeating: ")", count: depth)
            let query = try scratch.index.parse(text)
            try query.validate(schema: scratch.index.description.schema)
        }
    }

    @Test(arguments: [
        ("words", "On television tonight", "tv", "On <em>television</em> tonight"),
        ("words", "In New York City", "\"nyc city\"", "In <em>New York</em> <em>City</em>"),
        ("words", "a cell phone", "mobile", "a <em>cell phone</em>"),
        ("english", "The runner was running", "runs", "The runner was <em>running</em>"),
        (
            "english", "State of the Art", "\"state of the art\"",
            "<em>State</em> of the <em>Art</em>"
        ),
        ("typed", "New York", "yor", "New <em>Yor</em>k"),
        ("part", "Hamburger", "burg", "Ham<em>burg</em>er"),
        ("folded", "Crème brûlée", "brulee", "Crème <em>brûlée</em>"),
        ("file", "/usr/share/doc", "\"/usr/share\"", "/<em>usr/share</em>/doc"),
    ])
    func `snippets mark the bytes that terms were made from`(
        field: String, text: String, query: String, expected: String
    ) throws {
        let scratch = try index([[field: text]])
        let parsed = try scratch.index.parse("\(field):\(query)")
        let hit = try #require(try scratch.index.search(parsed, limit: 1).hits.first)
        let snippets = try scratch.index.snippets(of: hit, query: parsed, fields: [field])
        #expect(snippets.first?.fragments == [expected])
    }

    /// Documents of few words, with a value for every field.
    private func corpus(
        _ count: Int, _ random: inout SeededRandom
    ) throws -> (documents: [CorpusDocument], schema: Schema) {
        let words = [
            "tv", "Television", "new", "york", "cell", "phone", "running", "runs", "the", "é", "日",
        ]
        let schema = try Schema(json: Array(Self.schema.utf8))
        let documents = (0..<count).map { number in
            let fields = schema.fields.map { field in
                let length = Int.random(in: 0...8, using: &random)
                let text = (0..<length).map { _ in words.randomElement(using: &random) ?? "" }
                return (field.name, text.joined(separator: field.name == "file" ? "/" : " "))
            }
            return CorpusDocument(
                id: "d\(number)", fields: Dictionary(uniqueKeysWithValues: fields))
        }
        return (documents, schema)
    }

    /// The query; nil for words that are all shorter than the shortest gram.
    private func parsed(_ text: String, _ scratch: ScratchIndex) throws -> Query? {
        do throws(QueryError) {
            return try scratch.index.parse(text)
        } catch {
            if error.reason == .noTerms { return nil }
            throw error
        }
    }

    @Test func `random queries give the hits and scores of the exhaustive scorer, in any shards`()
        throws
    {
        var random = SeededRandom.forTest("analyzed search")
        let (documents, schema) = try corpus(400, &random)
        let scorer = ExhaustiveScorer(documents, schema: schema)
        let lines = documents.map(\.json)
        let whole = try ScratchIndex(lines, schema: schema, shards: 1)
        let sharded = try ScratchIndex(lines, schema: schema, shards: 3)
        let words = [
            "tv", "telly", "nyc", "new", "york", "cell", "mobile", "run", "é", "日", "phon",
        ]
        for _ in 0..<200 {
            let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                let field = schema.fields.randomElement(using: &random)?.name ?? ""
                let count = Int.random(in: 1...3, using: &random)
                let text = (0..<count).map { _ in words.randomElement(using: &random) ?? "" }
                let slop = Bool.random(using: &random) ? "" : "~2"
                return "\(field):\"\(text.joined(separator: field == "file" ? "/" : " "))\"\(slop)"
            }
            let text = parts.joined(separator: Bool.random(using: &random) ? " AND " : " ")
            guard let query = try parsed(text, whole) else { continue }
            let expected = scorer.search(query, limit: 20)
            for scratch in [whole, sharded] {
                let answer = try scratch.index.search(query, limit: 20)
                #expect(answer.hits.map(\.hit) == expected.hits, "\(text)")
                #expect(answer.totalHits == expected.total, "\(text)")
            }
        }
    }

    @Test func `an index with terms that share positions passes verification`() throws {
        var random = SeededRandom.forTest("analyzed index")
        let (documents, schema) = try corpus(300, &random)
        let folder = try ScratchFolder()
        let directory = try folder.build(documents.map(\.json), shards: 2, schema: schema).directory
        #expect(IndexVerifier.verify(directory: directory).isEmpty)
        #expect(try EmbeddedIndex(directory: directory).description.schema == schema)
    }
}
