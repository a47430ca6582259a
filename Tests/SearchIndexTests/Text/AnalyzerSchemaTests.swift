import SearchIndex
import TestSupport
import Testing

struct AnalyzerSchemaTests {
    private func schema(_ analyzer: String) throws(SchemaError) -> Schema {
        let json = #"{"fields":[{"name":"f","kind":"text","analyzer":"a"}],"analyzers":{"a":"#
        return try Schema(json: Array("\(json)\(analyzer)}}".utf8))
    }

    @Test func `the canonical form reads back as the same schema`() throws {
        let json = #"""
            {"analyzers": {
               "a": {"tokenizer": {"ngram": {"max": 3, "min": 2, "words": true}}, "filters": []},
               "b": {"tokenizer": {"edge_ngram": {"min": 1, "max": 9}}},
               "c": {"tokenizer": "path", "filters": ["lowercase", "ascii_folding"]},
               "d": {"tokenizer": {"path": {"separator": "\\"}}},
               "e": {"tokenizer": "standard", "filters": [{"stop": "french"}, {"stop": ["\"", "é"]},
                 {"synonyms": ["# none", "a\\,b => bb"]}, {"stemmer": "french"},
                 {"length": {"min": 1, "max": 20}}]},
               "unused": {"tokenizer": "keyword"}},
             "fields": [
               {"name": "1", "kind": "text", "analyzer": "a", "search_analyzer": "c"},
               {"name": "2", "kind": "text", "analyzer": "e", "search_analyzer": "e"},
               {"name": "3", "kind": "text", "search_analyzer": "d"},
               {"name": "4", "kind": "keyword"}]}
            """#
        let original = try Schema(json: Array(json.utf8))
        #expect(original.analyzers.map(\.name.rawValue) == ["a", "b", "c", "d", "e", "unused"])
        #expect(original.fields[0].searchAnalyzer.name == "c")
        #expect(original.fields[1].searchAnalyzer == original.fields[1].analyzer)
        #expect(original.fields[2].analyzer == .standard)
        let again = try Schema(json: original.canonicalJSON)
        #expect(again == original)
        #expect(again.canonicalJSON == original.canonicalJSON)
        let text = String(decoding: original.canonicalJSON, as: UTF8.self)
        #expect(text.contains(#"{"synonyms":["a\\,b => bb"]}"#), "\(text)")
    }

    @Test func `a schema made in code has the analyzers that its fields use`() throws {
        let analyzer = try Analyzer(name: "a", tokenizer: .simple)
        let field = Field(name: "f", kind: .text, analyzer: analyzer)
        #expect(try Schema(fields: [field]).analyzers == [analyzer])
        let error = #expect(throws: SchemaError.self) {
            try Schema(fields: [field], analyzers: [])
        }
        #expect(
            error?.description
                == "schema field \"f\": the schema does not define its analyzer \"a\"")
        let other = try Analyzer(name: "a", tokenizer: .standard)
        #expect(throws: SchemaError(.repeatedAnalyzer, analyzer: "a")) {
            try Schema(fields: [field, Field(name: "g", kind: .text, analyzer: other)])
        }
    }

    static let wrong: [(analyzer: String, message: String)] = [
        ("{}", "member \"tokenizer\" is missing"),
        (
            #"{"tokenizer":"std"}"#,
            "\"tokenizer\" is \"std\"; allowed are \"standard\", \"simple\", "
                + "\"whitespace\", \"keyword\", \"ngram\", \"edge_ngram\", \"path\""
        ),
        (#"{"tokenizer":"ngram"}"#, "\"ngram\" needs {\"min\": 2, \"max\": 3} or the like"),
        (
            #"{"tokenizer":{"ngram":{"min":0,"max":3}}}"#,
            "\"ngram\" has \"min\" 0 and \"max\" 3; allowed are 1 to 64, \"min\" at most \"max\""
        ),
        (
            #"{"tokenizer":{"ngram":{"min":3,"max":2}}}"#,
            "\"ngram\" has \"min\" 3 and \"max\" 2; allowed are 1 to 64, \"min\" at most \"max\""
        ),
        (
            #"{"tokenizer":{"ngram":{"min":1,"max":17}}}"#,
            "\"ngram\" has more than 16 lengths from \"min\" to \"max\""
        ),
        (
            #"{"tokenizer":{"edge_ngram":{"min":1,"max":18446744073709551615}}}"#,
            "\"edge_ngram\" has \"min\" 1 and \"max\" 9223372036854775807; allowed are 1 to 64, "
                + "\"min\" at most \"max\""
        ),
        (#"{"tokenizer":{"ngram":{"min":1}}}"#, "member \"max\" is missing"),
        (
            #"{"tokenizer":{"ngram":{"min":1,"max":2,"size":3}}}"#,
            "unknown member \"size\"; allowed are \"min\", \"max\", \"words\""
        ),
        (
            #"{"tokenizer":{"path":{"separator":"::"}}}"#,
            "\"separator\" is \"::\"; allowed are \"one ASCII character that is neither letter nor digit\""
        ),
        (#"{"tokenizer":{"standard":{}}}"#, "\"standard\" needs no parameters"),
        (#"{"tokenizer":{}}"#, "\"tokenizer\" needs a name"),
        (
            #"{"tokenizer":{"path":{"separator":"/"},"x":1}}"#,
            "unknown member \"x\"; allowed are \"path\""
        ),
        (
            #"{"tokenizer":"simple","filter":[]}"#,
            "unknown member \"filter\"; allowed are \"tokenizer\", \"filters\""
        ),
        (
            #"{"tokenizer":"simple","filters":["lower"]}"#,
            "\"filters\" is \"lower\"; allowed are \"lowercase\", \"ascii_folding\", \"stop\", "
                + "\"stemmer\", \"length\", \"synonyms\", \"synonyms_file\""
        ),
        (
            #"{"tokenizer":"simple","filters":["stop"]}"#,
            "\"stop\" needs a language or a list of words"
        ),
        (
            #"{"tokenizer":"simple","filters":[{"synonyms":["a"]}]}"#,
            "synonym rule 1 \"a\": a single word; write several with commas, or =>"
        ),
        (
            #"{"tokenizer":"simple","filters":[{"synonyms_file":"x"}]}"#,
            "synonyms file \"x\": only a schema in a file may name one"
        ),
        (
            #"{"tokenizer":"simple","filters":[{"length":{"min":1,"max":5000}}]}"#,
            "\"length\" has \"min\" 1 and \"max\" 5000; allowed are 1 to 4096, \"min\" at most \"max\""
        ),
        (
            "{\"tokenizer\":\"simple\",\"filters\":["
                + Array(repeating: "\"lowercase\"", count: 17).joined(separator: ",") + "]}",
            "17 filters; at most 16 are allowed"
        ),
    ]

    @Test(arguments: wrong.indices)
    func `a bad analyzer is refused with its name and what is allowed`(number: Int) {
        let (analyzer, message) = Self.wrong[number]
        let error = #expect(throws: SchemaError.self) { try schema(analyzer) }
        #expect(error?.description == "schema analyzer \"a\": \(message)")
    }

    @Test func `unknown languages are refused with those there are`() {
        let error = #expect(throws: SchemaError.self) {
            try schema(#"{"tokenizer":"simple","filters":[{"stemmer":"klingon"}]}"#)
        }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("schema analyzer \"a\": \"stemmer\" is \"klingon\"; allowed are "))
        for language in StemmerLanguage.all { #expect(text.contains("\"\(language)\"")) }
    }

    @Test func `names of analyzers are bounded, unique, and not built in`() throws {
        for name in ["", "standard", "path", "a\n", String(repeating: "a", count: 256)] {
            #expect(throws: SchemaError.self) {
                try Analyzer(name: AnalyzerName(rawValue: name), tokenizer: .simple)
            }
        }
        let twice =
            #"{"fields":[{"name":"f","kind":"text"}],"analyzers":"#
            + #"{"a":{"tokenizer":"simple"},"a":{"tokenizer":"simple"}}}"#
        let error = #expect(throws: SchemaError.self) { try Schema(json: Array(twice.utf8)) }
        #expect(error?.description == "schema analyzer \"a\": defined twice")
        let many = (0...Schema.maximumAnalyzers).map { #""\#($0)":{"tokenizer":"simple"}"# }
        let json =
            #"{"fields":[{"name":"f","kind":"text"}],"analyzers":{"#
            + many.joined(separator: ",") + "}}"
        #expect(throws: SchemaError(.tooManyAnalyzers(count: 65))) {
            try Schema(json: Array(json.utf8))
        }
    }

    @Test func `lists of words have a bound over all analyzers`() throws {
        let word = String(repeating: "a", count: 1000)
        let synonyms = TokenFilter.synonyms(
            try Synonyms(lines: (0..<1000).map { "\(word)\($0), b\($0)" }))
        let fields = try (0..<3).map { number in
            let name = AnalyzerName(rawValue: "\(number)")
            let analyzer = try Analyzer(name: name, tokenizer: .keyword, filters: [synonyms])
            return Field(name: "\(number)", kind: .text, analyzer: analyzer)
        }
        _ = try Schema(fields: Array(fields.prefix(2)))
        #expect(throws: SchemaError.self) { try Schema(fields: fields) }
    }

    @Test func `damaged schemas give errors or schemas that read back`() throws {
        var random = SeededRandom.forTest("damaged schemas")
        let json = Array(AnalyzedSearchTests.schema.utf8)
        var accepted = 0
        for _ in 0..<3000 {
            var damaged = json
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: damaged[place] = UInt8.random(in: 0x20...0x7E, using: &random)
                case 1: damaged.removeSubrange(place..<min(damaged.count, place + 9))
                default: damaged.insert(UInt8.random(in: 0x30...0x39, using: &random), at: place)
                }
            }
            guard let schema = try? Schema(json: damaged) else { continue }
            accepted += 1
            #expect(try Schema(json: schema.canonicalJSON) == schema)
        }
        #expect(accepted > 10)
    }
}
