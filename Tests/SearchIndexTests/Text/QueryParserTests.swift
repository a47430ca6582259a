import SearchIndex
import TestSupport
import Testing

/// Terms and phrases of one text field in short notation.
private func term(_ text: String, _ field: String = "body", _ boost: Float = 1) -> Query {
    .term(TermQuery(field: field, term: Array(text.utf8), boost: boost))
}

private func phrase(_ terms: [(String, UInt32)], _ field: String = "body") -> Query {
    .phrase(
        PhraseQuery(
            field: field,
            terms: terms.map { PhraseTerm(term: Array($0.0.utf8), position: $0.1) }))
}

private func boolean(
    must: [Query] = [], should: [Query] = [], mustNot: [Query] = []
) -> Query {
    .boolean(BooleanQuery(must: must, should: should, mustNot: mustNot))
}

private let schema = try? Schema(
    fields: [
        .text("body"), Field(name: "title", kind: .text, weight: 2), .keyword("tag"),
        Field(name: "raw", kind: .text, isIndexed: false),
    ], defaultFields: ["body"])

private func parser(_ defaultOperator: DefaultOperator = .or) throws -> QueryParser {
    QueryParser(schema: try #require(schema), defaultOperator: defaultOperator)
}

struct QueryParserTests {
    @Test(arguments: [
        ("Red", term("red")),
        ("red apples", boolean(should: [term("red"), term("apples")])),
        ("red OR apples", boolean(should: [term("red"), term("apples")])),
        ("red AND apples", boolean(must: [term("red"), term("apples")])),
        ("a b AND c", boolean(should: [term("a"), boolean(must: [term("b"), term("c")])])),
        ("+a b", boolean(must: [term("a")], should: [term("b")])),
        ("a -b", boolean(should: [term("a")], mustNot: [term("b")])),
        ("a NOT b", boolean(should: [term("a")], mustNot: [term("b")])),
        ("a AND NOT b", boolean(must: [term("a")], mustNot: [term("b")])),
        ("NOT b", boolean(must: [.matchAll(boost: 0)], mustNot: [term("b")])),
        (
            "a AND (NOT b)",
            boolean(must: [term("a"), boolean(must: [.matchAll(boost: 0)], mustNot: [term("b")])])
        ),
        ("(a b) c", boolean(should: [term("a"), term("b"), term("c")])),
        ("(a AND b) AND c", boolean(must: [term("a"), term("b"), term("c")])),
        ("(a OR b) AND c", boolean(must: [boolean(should: [term("a"), term("b")]), term("c")])),
        ("\"a b\"", phrase([("a", 0), ("b", 1)])),
        ("\"A\"", term("a")),
        ("wi-fi", phrase([("wi", 0), ("fi", 1)])),
        ("title:a", term("a", "title")),
        ("title:\"a b\"", phrase([("a", 0), ("b", 1)], "title")),
        (
            "title:(a tag:B c)",
            boolean(should: [term("a", "title"), term("B", "tag"), term("c", "title")])
        ),
        ("tag:text/plain", term("text/plain", "tag")),
        ("tag:\"Two Words\"", term("Two Words", "tag")),
        ("tag:10:30", term("10:30", "tag")),
        ("tag:AND", term("AND", "tag")),
        ("tag:-x", term("-x", "tag")),
        ("a^2.5", term("a", "body", 2.5)),
        ("(a^2 b)^3", boolean(should: [term("a", "body", 6), term("b", "body", 3)])),
        ("*", .matchAll(boost: 1)),
        ("*^0.5", .matchAll(boost: 0.5)),
        ("\\AND", term("and")),
        ("and or not", boolean(should: [term("and"), term("or"), term("not")])),
        ("tag:a\\ b\\\\", term("a b\\", "tag")),
        ("tag:\"\\\"\"", term("\"", "tag")),
        ("a ?! b", boolean(should: [term("a"), term("b")])),
        ("a\u{3000}b", boolean(should: [term("a"), term("b")])),
        ("a(b)", boolean(should: [term("a"), term("b")])),
        ("a a", boolean(should: [term("a"), term("a")])),
    ])
    func `text becomes the tree that the language page gives`(text: String, expected: Query) throws
    {
        #expect(try parser().parse(text) == expected)
    }

    @Test(arguments: [
        ("a b", boolean(must: [term("a"), term("b")])),
        ("a b OR c", boolean(should: [boolean(must: [term("a"), term("b")]), term("c")])),
        ("a -b", boolean(must: [term("a")], mustNot: [term("b")])),
        ("+a b", boolean(must: [term("a"), term("b")])),
        ("a (b OR c)", boolean(must: [term("a"), boolean(should: [term("b"), term("c")])])),
    ])
    func `with the default operator and, all clauses must match`(text: String, expected: Query)
        throws
    {
        #expect(try parser(.and).parse(text) == expected)
    }

    @Test(arguments: [
        ("", 0, QueryError.Reason.emptyQuery),
        ("  \t", 3, .emptyQuery),
        ("?!", 0, .noTerms),
        ("NOT ?!", 0, .noTerms),
        ("AND OR NOT", 0, .missingOperand(operator: "AND")),
        ("OR", 0, .missingOperand(operator: "OR")),
        ("NOT", 0, .missingOperand(operator: "NOT")),
        ("a AND", 2, .missingOperand(operator: "AND")),
        ("a OR OR b", 5, .missingOperand(operator: "OR")),
        ("a + b", 2, .missingOperand(operator: "+")),
        ("a -", 2, .missingOperand(operator: "-")),
        ("--a", 1, .missingOperand(operator: "-")),
        ("(a OR) b", 3, .missingOperand(operator: "OR")),
        ("a \"b c", 2, .unclosedQuote),
        ("\"", 0, .unclosedQuote),
        ("5\"", 1, .unclosedQuote),
        ("(a (b) c", 0, .unclosedParenthesis),
        ("(", 0, .unclosedParenthesis),
        ("a) b", 1, .unexpectedParenthesis),
        (")", 0, .unexpectedParenthesis),
        ("a ()", 3, .emptyGroup),
        ("title:", 6, .missingValue(field: "title")),
        ("title: a", 6, .missingValue(field: "title")),
        ("(title:)", 7, .missingValue(field: "title")),
        (":a", 0, .missingField),
        ("a nope:b", 2, .unknownField("nope")),
        ("raw:b", 0, .fieldNotIndexed("raw")),
        ("a^", 1, .badBoost),
        ("a^x", 1, .badBoost),
        ("a^1.2.3", 1, .badBoost),
        ("a^9999999", 1, .badBoost),
        ("^2", 0, .badBoost),
        ("a\\", 1, .danglingEscape),
        ("\"a\"b", 3, .textAfterQuote),
    ])
    func `a bad query is refused at its place`(
        text: String, offset: Int, reason: QueryError.Reason
    ) throws {
        let parser = try parser()
        let error = #expect(throws: QueryError.self) { try parser.parse(text) }
        #expect(error == QueryError(byteOffset: offset, reason: reason))
    }

    @Test func `invalid UTF-8 is refused at its first byte`() throws {
        let parser = try parser()
        let bytes: [UInt8] = [0x61, 0x20, 0xC3, 0x28]
        let error = #expect(throws: QueryError.self) { try parser.parse(bytes.span) }
        #expect(error == QueryError(byteOffset: 2, reason: .invalidUTF8))
    }

    @Test func `a schema without default fields needs a field in every clause`() throws {
        let parser = QueryParser(schema: try Schema(fields: [.keyword("k")]))
        let error = #expect(throws: QueryError.self) { try parser.parse("k:a b") }
        #expect(error == QueryError(byteOffset: 4, reason: .noDefaultField))
    }

    @Test func `a word over several fields is the weighted sum of its fields`() throws {
        let schema = try Schema(fields: [.text("body"), .text("title", weight: 2)])
        let both = [term("a"), term("a", "title", 2)]
        let parser = QueryParser(schema: schema)
        #expect(try parser.parse("a") == boolean(should: both))
        #expect(
            try parser.parse("a^3")
                == boolean(should: [term("a", "body", 3), term("a", "title", 6)]))
        #expect(
            try parser.parse("a AND title:b")
                == boolean(must: [boolean(should: both), term("b", "title")]))
    }

    @Test func `10,000 words are refused as too many clauses`() throws {
        let parser = try parser()
        let error = #expect(throws: QueryError.self) {
            try parser.parse(Array(repeating: "w", count: 10_000).joined(separator: " "))
        }
        #expect(error == QueryError(byteOffset: 2048, reason: .tooManyClauses(limit: 1024)))
        #expect(throws: Never.self) {
            try parser.parse(Array(repeating: "w", count: 1024).joined(separator: " "))
        }
        let long = #expect(throws: QueryError.self) {
            try parser.parse(String(repeating: "日", count: 2000))
        }
        #expect(long?.reason == .tooManyClauses(limit: 1024))
    }

    @Test func `parentheses deeper than the limit are refused`() throws {
        let parser = try parser()
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(try parser.parse(nested(32)) == term("a"))
        for depth in [33, 500_000] {
            let error = #expect(throws: QueryError.self) { try parser.parse(nested(depth)) }
            #expect(error == QueryError(byteOffset: 32, reason: .tooDeep(limit: 32)))
        }
    }

    @Test func `a text above the limit is refused`() throws {
        let parser = try parser()
        let error = #expect(throws: QueryError.self) {
            try parser.parse(String(repeating: " ", count: 1 << 20 + 1))
        }
        #expect(error?.reason == .tooLong(limit: 1 << 20))
    }

    @Test(arguments: DefaultOperator.allCases)
    func `random texts never trap, and what parses is valid`(operator: DefaultOperator) throws {
        var random = SeededRandom.forTest("query parser random texts")
        let parser = try parser(`operator`)
        let pieces = [
            "a", "bc", " ", "(", ")", "\"", "AND", "OR", "NOT ", "+", "-", "^", "2", ".", ":",
            "title:",
            "tag:", "\\", "*", "é", "日本", "\u{3000}", "~", "?", "[", "]", "{", "}", " TO ", ">",
            "<=",
            "IN [", "/", "&&", " || ", "!", "nope:",
        ].map { Array($0.utf8) }
        var parsed = 0
        for round in 0..<20_000 {
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 0...14, using: &random) {
                if round.isMultiple(of: 4) {
                    text.append(UInt8.random(in: 0...255, using: &random))
                } else {
                    text += pieces.randomElement(using: &random) ?? []
                }
            }
            do {
                let query = try parser.parse(text.span)
                try query.validate(schema: parser.schema)
                parsed += 1
            } catch {
                #expect(error.byteOffset <= text.count, "\(text)")
                #expect(!error.description.isEmpty)
            }
        }
        #expect(parsed > 100)
    }
}

struct QueryValidationTests {
    @Test(arguments: [
        (term("a", "nope"), QueryError.Reason.unknownField("nope")),
        (term("a", "raw"), .fieldNotIndexed("raw")),
        (term("a", "body", -1), .badBoost),
        (term("a", "body", .nan), .badBoost),
        (.matchAll(boost: .infinity), .badBoost),
        (phrase([("a", 0)]), .badPhrase(field: "body")),
        (phrase([("a", 1), ("b", 1)]), .badPhrase(field: "body")),
        (phrase([("a", 0), ("b", 1)], "tag"), .phraseOnKeyword(field: "tag")),
        (
            boolean(should: Array(repeating: term("a"), count: 1025)),
            .tooManyClauses(limit: 1024)
        ),
    ])
    func `a tree that cannot be searched is refused`(
        query: Query, reason: QueryError.Reason
    ) throws {
        let schema = try #require(schema)
        let error = #expect(throws: QueryError.self) { try query.validate(schema: schema) }
        #expect(error == QueryError(byteOffset: 0, reason: reason))
    }

    @Test func `a tree deeper than the limit is refused`() throws {
        var query = term("a")
        for _ in 0..<100 { query = boolean(must: [query]) }
        let schema = try #require(schema)
        let error = #expect(throws: QueryError.self) { try query.validate(schema: schema) }
        #expect(error?.reason == .tooDeep(limit: 32))
    }
}
