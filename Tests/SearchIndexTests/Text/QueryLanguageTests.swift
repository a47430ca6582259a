import TestSupport
import Testing

@testable import SearchIndex

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

private func pattern(
    _ pattern: ExpansionQuery.Pattern, _ field: String = "body", _ boost: Float = 1
) -> Query {
    .expansion(ExpansionQuery(field: field, pattern: pattern, boost: boost))
}

private func fuzzy(_ term: String, _ distance: Int, _ field: String = "body") -> Query {
    pattern(
        .fuzzy(term: bytes(term), distance: distance, prefixLength: 0, transpositions: true), field)
}

private func range(_ lower: (String, Bool)?, _ upper: (String, Bool)?) -> Query {
    func bound(_ bound: (String, Bool)?) -> RangeBound? {
        bound.map { RangeBound(value: .text(bytes($0.0)), isInclusive: $0.1) }
    }
    return .range(RangeQuery(field: "tag", lower: bound(lower), upper: bound(upper)))
}

private func term(_ text: String, _ field: String = "body") -> Query {
    .term(TermQuery(field: field, term: bytes(text)))
}

private func should(_ queries: Query...) -> Query { .boolean(BooleanQuery(should: queries)) }

private func parser(
    _ mode: QueryParser.Mode = .strict, _ defaultOperator: DefaultOperator = .or
) throws -> QueryParser {
    QueryParser(
        schema: try Schema(
            fields: [
                .text("body"), .text("a.title"), .keyword("tag"),
                Field(name: "raw", kind: .text, isIndexed: false),
            ], defaultFields: ["body"]), defaultOperator: defaultOperator, mode: mode)
}

struct QueryLanguageTests {
    @Test(arguments: [
        ("abc*", pattern(.prefix(bytes("abc")))),
        ("ABC*^2", pattern(.prefix(bytes("abc")), "body", 2)),
        ("tag:ABC*", pattern(.prefix(bytes("ABC")), "tag")),
        ("a\\*b*", pattern(.prefix(bytes("a*b")))),
        ("A?b*C", pattern(.wildcard(bytes("a?b*c")))),
        ("tag:a\\?*c", pattern(.wildcard(bytes("a\\?*c")), "tag")),
        ("te?t", pattern(.wildcard(bytes("te?t")))),
        ("*x", pattern(.wildcard(bytes("*x")))),
        ("/ab.*C/", pattern(.regex(bytes("ab.*C")))),
        ("tag:/a b\\/(c)/^3", pattern(.regex(bytes("a b\\/(c)")), "tag", 3)),
        (
            "/usr/bin",
            .phrase(
                PhraseQuery(
                    field: "body",
                    terms: [
                        PhraseTerm(term: bytes("usr"), position: 0),
                        PhraseTerm(term: bytes("bin"), position: 1),
                    ]))
        ),
        ("Word~", fuzzy("word", 2)),
        ("word~1 word~2", should(fuzzy("word", 1), fuzzy("word", 2))),
        ("tag:Word~1", fuzzy("Word", 1, "tag")),
        ("word\\~", term("word")),
        (
            "\"a b\"~3",
            .phrase(
                PhraseQuery(
                    field: "body",
                    terms: [
                        PhraseTerm(term: bytes("a"), position: 0),
                        PhraseTerm(term: bytes("b"), position: 1),
                    ], slop: 3))
        ),
        ("tag:[a TO b]", range(("a", true), ("b", true))),
        ("tag:{a TO b}", range(("a", false), ("b", false))),
        ("tag:[a TO b}", range(("a", true), ("b", false))),
        ("tag:{ \"x y\" TO * ]", range(("x y", false), nil)),
        ("tag:[* TO 2024-01-01T10:00:00Z]", range(nil, ("2024-01-01T10:00:00Z", true))),
        ("tag:>a", range(("a", false), nil)),
        ("tag:>=a", range(("a", true), nil)),
        ("tag:<\"a b\"", range(nil, ("a b", false))),
        ("tag:<=a:b", range(nil, ("a:b", true))),
        ("tag:(>=a)", range(("a", true), nil)),
        ("tag:([a TO b] OR x)", should(range(("a", true), ("b", true)), term("x", "tag"))),
        (
            "tag:IN [a \"b c\" d]",
            .termSet(
                TermSetQuery(field: "tag", values: ["a", "b c", "d"].map { .text(bytes($0)) }))
        ),
        (
            "tag: IN [a]^2",
            .termSet(
                TermSetQuery(field: "tag", values: [.text(bytes("a"))], boost: 2))
        ),
        (
            "body:IN [A b]",
            .constantScore(
                ConstantScoreQuery(query: should(term("a"), term("b"))))
        ),
        ("tag:*", .exists(ExistsQuery(field: "tag"))),
        ("tag:(*)^2", .exists(ExistsQuery(field: "tag", boost: 2))),
        ("tag:\\>a", term(">a", "tag")),
        ("a.title:x", term("x", "a.title")),
        ("[a TO b]", should(term("a"), term("to"), term("b"))),
        (
            "a && b || c",
            should(
                .boolean(BooleanQuery(must: [term("a"), term("b")])), term("c"))
        ),
        ("a !b", .boolean(BooleanQuery(should: [term("a")], mustNot: [term("b")]))),
        ("a!", term("a")),
    ])
    func `text becomes the tree that the language page gives`(text: String, expected: Query) throws
    {
        let query = try parser().parse(text)
        #expect(query == expected, "\(text): \(query)")
    }

    @Test(arguments: [
        ("a word~3", 2, QueryError.Reason.badFuzzy),
        ("\"a b\"~", 5, .badSlop),
        ("\"a b\"~99999", 5, .badSlop),
        ("tag:\"a\"~1", 4, .phraseOnKeyword(field: "tag")),
        ("tag:[a b]", 7, .badRange),
        ("tag:[a TO", 9, .badRange),
        ("tag:[a TO b", 11, .badRange),
        ("tag:[a TO b]c", 12, .badRange),
        ("tag:> a", 5, .badRange),
        ("tag:>=", 6, .badRange),
        ("body:[a TO b]", 5, .rangeOnText(field: "body")),
        ("body:>5", 5, .rangeOnText(field: "body")),
        ("tag:IN []", 7, .badSet),
        ("tag:IN [a", 7, .badSet),
        ("tag:[\"a TO b]", 5, .unclosedQuote),
        ("/a(b/", 2, .badPattern(.unbalancedGroup)),
        ("x tag:/a**/", 9, .badPattern(.nothingToRepeat)),
        ("a &&", 2, .missingOperand(operator: "AND")),
        ("|| a", 0, .missingOperand(operator: "OR")),
    ])
    func `a bad query is refused at its place`(
        text: String, offset: Int, reason: QueryError.Reason
    ) throws {
        let parser = try parser()
        let error = #expect(throws: QueryError.self) { try parser.parse(text) }
        #expect(error == QueryError(byteOffset: offset, reason: reason))
    }
}

struct QueryErrorTests {
    @Test(arguments: [
        ("tag:[a b]", "[low TO high]"), ("a~3", "~1"), ("\"a", "closing \""),
        ("x:a", "name of a field"),
    ])
    func `an error says what was expected`(text: String, expected: String) throws {
        let parser = try parser()
        let error = #expect(throws: QueryError.self) { try parser.parse(text) }
        #expect(error?.expected?.contains(expected) == true, "\(error?.expected ?? "")")
    }
}

/// Values of typed fields.
struct TypedQueryTests {
    private func parser(_ mode: QueryParser.Mode = .strict) throws -> QueryParser {
        QueryParser(
            schema: try Schema(
                fields: [
                    .text("body"), Field(name: "year", kind: .integer),
                    Field(name: "price", kind: .double), Field(name: "new", kind: .bool),
                    Field(name: "at", kind: .date), Field(name: "path", kind: .facet),
                ], defaultFields: ["body"]), mode: mode)
    }

    private func value(_ field: String, _ value: FieldValue, boost: Float = 1) -> Query {
        .termSet(TermSetQuery(field: field, values: [value], boost: boost))
    }

    private func range(
        _ field: String, _ lower: RangeBound?, _ upper: RangeBound?
    ) -> Query {
        .range(RangeQuery(field: field, lower: lower, upper: upper))
    }

    @Test func `values and bounds are read as the kind of the field`() throws {
        let parser = try parser()
        #expect(try parser.parse("year:-5") == value("year", .integer(-5)))
        #expect(try parser.parse("price:1.5^2") == value("price", .double(1.5), boost: 2))
        #expect(try parser.parse("new:true") == value("new", .bool(true)))
        #expect(try parser.parse("at:2024-07-31") == value("at", .date(1_722_384_000_000_000)))
        #expect(
            try parser.parse("year:[1990 TO 2000}")
                == range(
                    "year", RangeBound(value: .integer(1990), isInclusive: true),
                    RangeBound(value: .integer(2000), isInclusive: false)))
        #expect(
            try parser.parse("price:>=2e3")
                == range("price", RangeBound(value: .double(2000), isInclusive: true), nil))
        #expect(
            try parser.parse("at:<1970-01-01T00:00:01Z")
                == range("at", nil, RangeBound(value: .date(1_000_000), isInclusive: false)))
        #expect(
            try parser.parse("year:IN [1 2]")
                == .termSet(TermSetQuery(field: "year", values: [.integer(1), .integer(2)])))
        #expect(try parser.parse("path:/a/b") == term("/a/b", "path"))
        #expect(try parser.parse("year:*") == .exists(ExistsQuery(field: "year")))
    }

    @Test(arguments: [
        ("year:x", 5, QueryError.Reason.badValue(field: "year")),
        ("year:[1 TO x]", 11, .badValue(field: "year")),
        ("at:>2024", 4, .badValue(field: "at")),
        ("new:IN [true no]", 13, .badValue(field: "new")),
        ("year:19*", 5, .fieldWithoutTerms("year")),
        ("year:1990~1", 5, .fieldWithoutTerms("year")),
    ])
    func `a value of another kind is refused at its place`(
        text: String, offset: Int, reason: QueryError.Reason
    ) throws {
        let parser = try parser()
        let error = #expect(throws: QueryError.self) { try parser.parse(text) }
        #expect(error == QueryError(byteOffset: offset, reason: reason))
    }

    @Test func `leniently a value of another kind is a word`() throws {
        let parser = try parser(.lenient)
        #expect(try parser.parse("year:soon") == term("soon"))
        #expect(try parser.parse("year:19*") == term("19"))
    }
}

struct LenientQueryTests {
    @Test(arguments: [
        ("", Query.matchNone),
        ("?!", .matchNone),
        ("AND OR", .matchNone),
        ("red apples", should(term("red"), term("apples"))),
        ("red \"apples", should(term("red"), term("apples"))),
        ("\"red\"apples", should(term("red"), term("apples"))),
        ("(red apples", should(term("red"), term("apples"))),
        ("red) apples", should(term("red"), term("apples"))),
        ("red ()", term("red")),
        ("red AND", term("red")),
        ("OR red", term("red")),
        ("red - apples", should(term("red"), term("apples"))),
        ("--red", .boolean(BooleanQuery(must: [.matchAll(boost: 0)], mustNot: [term("red")]))),
        ("red^x", should(term("red"), term("x"))),
        ("^2 red", term("red")),
        ("note: red", should(term("note"), term("red"))),
        ("tag: red", should(term("tag"), term("red"))),
        ("what?", term("what")),
        ("wh?t", pattern(.wildcard(bytes("wh?t")))),
        ("red\\", term("red")),
        (
            "red~7",
            .phrase(
                PhraseQuery(
                    field: "body",
                    terms: [
                        PhraseTerm(term: bytes("red"), position: 0),
                        PhraseTerm(term: bytes("7"), position: 1),
                    ]))
        ),
        ("tag:[a", term("a", "tag")),
        ("body:[red TO blue]", should(term("red"), term("blue"))),
        ("body:>red", term("red")),
        (
            "/a(b/",
            .phrase(
                PhraseQuery(
                    field: "body",
                    terms: [
                        PhraseTerm(term: bytes("a"), position: 0),
                        PhraseTerm(term: bytes("b"), position: 1),
                    ]))
        ),
        ("tag:[a TO b]", range(("a", true), ("b", true))),
    ])
    func `what breaks the grammar becomes words or is left out`(
        text: String, expected: Query
    ) throws {
        let query = try parser(.lenient).parse(text)
        #expect(query == expected, "\(text): \(query)")
    }

    @Test(arguments: DefaultOperator.allCases)
    func `any text gives a valid query`(operator: DefaultOperator) throws {
        var random = SeededRandom.forTest("lenient texts")
        let parser = try parser(.lenient, `operator`)
        let pieces = [
            "a", "bc", " ", "(", ")", "\"", "AND", "OR", "NOT ", "+", "-", "^", "2", ".", ":",
            "tag:",
            "body:", "raw:", "nope:", "\\", "*", "é", "日本", "\u{3000}", "~", "?", "[", "]", "{",
            "}", " TO ", ">", "<=", "IN [", "/", "&&", " || ", "!",
        ].map { Array($0.utf8) }
        var found = 0
        for round in 0..<8_000 {
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 0...16, using: &random) {
                if round.isMultiple(of: 4) {
                    text.append(UInt8.random(in: 0...255, using: &random))
                } else {
                    text += pieces.randomElement(using: &random) ?? []
                }
            }
            let query = try parser.parse(text.span)
            try query.validate(schema: parser.schema)
            if query != .matchNone { found += 1 }
        }
        #expect(found > 4_000)
    }

    @Test func `limits cut a text instead of refusing it`() throws {
        let parser = try parser(.lenient)
        for text in [
            Array(repeating: "w", count: 10_000).joined(separator: " "),
            String(repeating: "(", count: 500_000) + "a",
            String(repeating: "a", count: 2 << 20),
            String(repeating: "tag:IN [a b] ", count: 2_000),
        ] {
            try parser.parse(text).validate(schema: parser.schema)
        }
    }
}

struct FieldValueReadingTests {
    @Test(arguments: [
        ("1970-01-01", Int64(0)),
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2000-02-29T12:30:00Z", 951_827_400_000_000),
        ("2024-07-31T12:30:00.5+02:00", 1_722_421_800_500_000),
        ("2024-07-31T12:30:00-00:30", 1_722_430_800_000_000),
        ("0000-01-01", -62_167_219_200_000_000),
        ("2024-07-31T12:30", 1_722_429_000_000_000),
        ("2024-07-31 12:30:00", 1_722_429_000_000_000),
        ("2024-07-31t14:30:00+0200", 1_722_429_000_000_000),
        ("9999-12-31T23:59:60.1234567Z", 253_402_300_800_123_456),
    ])
    func `dates are microseconds since 1970`(text: String, microseconds: Int64) {
        #expect(FieldValue.date(reading: bytes(text)) == .date(microseconds))
    }

    @Test(arguments: [
        "", "2024", "2024-13-01", "2023-02-29", "1900-02-29", "2024-01-00", "2024-01-01T",
        "2024-01-01T24:00:00Z", "2024-01-01T10", "2024-01-01T10:00:00.Z", "2024-01-01T10:00+",
        "2024-01-01T10:00:00+2:00", "2024-01-01T10:00:00Zx", "20240101", "２024-01-01",
    ])
    func `what is no date is refused`(text: String) {
        #expect(FieldValue.date(reading: bytes(text)) == nil)
    }

    @Test func `numbers and truth values are read in full or not at all`() {
        #expect(FieldValue.integer(reading: bytes("-9223372036854775808")) == .integer(.min))
        #expect(FieldValue.integer(reading: bytes("9223372036854775808")) == nil)
        #expect(FieldValue.integer(reading: bytes("1.0")) == nil)
        #expect(FieldValue.double(reading: bytes("-1.5e3")) == .double(-1500))
        for text in ["nan", "inf", "1e999", "0x1p3", "", "1,5"] {
            #expect(FieldValue.double(reading: bytes(text)) == nil, "\(text)")
        }
        #expect(FieldValue.bool(reading: bytes("true")) == .bool(true))
        #expect(FieldValue.bool(reading: bytes("True")) == nil)
    }
}
