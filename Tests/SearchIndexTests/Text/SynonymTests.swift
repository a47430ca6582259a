import SearchIndex
import TestSupport
import Testing

struct SynonymTests {
    private func analyzer(
        _ rules: [String], after: [TokenFilter] = [], tokenizer: TokenizerKind = .standard
    ) throws -> Analyzer {
        try Analyzer(
            name: "a", tokenizer: tokenizer,
            filters: [.lowercase, .synonyms(try Synonyms(lines: rules))] + after)
    }

    private func tokens(_ analyzer: Analyzer, _ text: String) -> [String] {
        analyzer.tokens(of: Array(text.utf8).span).map {
            "\(String(decoding: $0.term, as: UTF8.self))@\($0.position) "
                + "\($0.byteRange.lowerBound)-\($0.byteRange.upperBound)"
        }
    }

    static let cases: [(rules: [String], text: String, tokens: [String])] = [
        (["TV, television"], "my TV on", ["my@0 0-2", "tv@1 3-5", "television@1 3-5", "on@2 6-8"]),
        (["TV, television"], "Television", ["television@0 0-10", "tv@0 0-10"]),
        (["tv => television"], "tv tv", ["television@0 0-2", "television@1 3-5"]),
        (["big, tall => large, huge"], "tall", ["large@0 0-4", "huge@0 0-4"]),
        (
            ["new york => nyc"], "in New  York City",
            ["in@0 0-2", "nyc@1 3-12", "city@2 13-17"]
        ),
        (
            ["new york => new york, nyc"], "New York City",
            ["new@0 0-3", "nyc@0 0-8", "york@1 4-8", "city@2 9-13"]
        ),
        (["a b => x", "a b c => y", "c => z"], "a b c a b c", ["y@0 0-5", "y@1 6-11"]),
        (["a b => x", "b c => y"], "a b c", ["x@0 0-3", "c@1 4-5"]),
        (["a b c => x"], "a b", ["a@0 0-1", "b@1 2-3"]),
        (["a => b", "b => c"], "a b", ["b@0 0-1", "c@1 2-3"]),
        (["a, b", "a, c"], "a", ["a@0 0-1", "b@0 0-1", "c@0 0-1"]),
        (["wi-fi => wlan"], "wi fi Wi-Fi", ["wlan@0 0-5", "wlan@1 6-11"]),
        (["a\\,b => c"], "a,b a b", ["c@0 0-3", "c@1 4-7"]),
        (["a => a, a"], "a", ["a@0 0-1"]),
        ([], "a", ["a@0 0-1"]),
    ]

    @Test(arguments: cases.indices)
    func `rules add and replace words`(number: Int) throws {
        let (rules, text, expected) = Self.cases[number]
        #expect(tokens(try analyzer(rules), text) == expected)
    }

    @Test func `filters behind synonyms change them, and equal terms of a position count once`()
        throws
    {
        let english = try #require(StemmerLanguage("english"))
        let chain = try analyzer(["run, running, jogging"], after: [.stem(english)])
        #expect(tokens(chain, "running") == ["run@0 0-7", "jog@0 0-7"])
    }

    @Test func `words with a gap between them are no input`() throws {
        let stop = try #require(StopWords([Array("of".utf8)]))
        let chain = try Analyzer(
            name: "a", tokenizer: .standard,
            filters: [.stop(stop), .synonyms(try Synonyms(lines: ["state art => x"]))])
        #expect(tokens(chain, "state of art") == ["state@0 0-5", "art@2 9-12"])
        #expect(tokens(chain, "state art") == ["x@0 0-9"])
    }

    @Test func `positions of following values go on behind what moved up`() throws {
        var stream = TokenStream(try analyzer(["a b c => x"]))
        let text = Array("a b c d".utf8)
        let next = stream.forEachTerm(of: text.span, from: 10) { _, _, _ in true }
        #expect(next == 12)
    }

    @Test(arguments: [
        ("a => b => c", "more than one =>"), ("a,,b", "nothing before"), ("a =>", "nothing before"),
        ("=> a", "nothing before"), ("a", "a single word"), ("a\\", "a backslash at the end"),
        ("dns, domain name system", "write domain name system => domain name system"),
        ("dns => domain name", "several words"), ("a, -- => b", "no term of \"--\""),
        ("a b c d e f g h i => x", "more than 8 words"),
        (Array(repeating: "a", count: 65).joined(separator: ","), "more than 64 words on one side"),
    ])
    func `a malformed rule is refused with its text`(rule: String, message: String) throws {
        let error = #expect(throws: (any Error).self) { try analyzer(["x, y", rule]) }
        let text = "\(try #require(error))"
        #expect(text.contains(message), "\(text)")
        #expect(text.contains(rule.prefix(80)))
    }

    @Test func `more words for one input than allowed are refused`() throws {
        let rules = (0..<65).map { "a => w\($0)" }
        let error = #expect(throws: SchemaError.self) { try analyzer(rules) }
        #expect(error?.description.contains("more than 64 words stand for \"a\"") ?? false)
    }

    @Test func `more rules or bytes than allowed are refused`() {
        let many = Array(repeating: "a, b", count: Synonyms.maximumRules + 1)
        #expect(throws: SynonymError.self) { try Synonyms(lines: many) }
        let long = String(repeating: "a", count: Synonyms.maximumBytes) + ",b"
        #expect(throws: SynonymError.self) { try Synonyms(lines: [long]) }
    }

    @Test func `synonyms behind grams, or twice, are refused`() throws {
        let grams = try #require(GramShape(minimum: 1, maximum: 2))
        #expect(throws: SchemaError.self) { try analyzer(["a, b"], tokenizer: .ngram(grams)) }
        let twice = TokenFilter.synonyms(try Synonyms(lines: ["a, b"]))
        #expect(throws: SchemaError.self) { try analyzer(["a, b"], after: [twice]) }
    }

    @Test func `a file has comments, empty lines and any line ends`() throws {
        let file = "\u{FEFF}# words\r\n\r\n  a , b\r\nc d=>e\n"
        let synonyms = try Synonyms(file: Array(file.utf8))
        #expect(synonyms.lines == ["a , b", "c d=>e"])
        let error = #expect(throws: SynonymError.self) { try Synonyms(file: [0x61, 0x0A, 0xFF]) }
        #expect(error?.line == 2)
    }

    /// Rules and texts of few words; the longest input at each place wins, found by trying all.
    @Test func `random rules apply as the slow definition says`() throws {
        var random = SeededRandom.forTest("synonyms")
        let words = ["a", "b", "c"]
        for _ in 0..<300 {
            var rules: [[String]: String] = [:]
            for number in 0..<Int.random(in: 0...5, using: &random) {
                let count = Int.random(in: 1...3, using: &random)
                let input = (0..<count).map { _ in words.randomElement(using: &random) ?? "a" }
                rules[input] = "x\(number)"
            }
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                words.randomElement(using: &random) ?? "a"
            }
            var expected: [String] = []
            var place = 0
            while place < text.count {
                let inputs = rules.keys.filter { text[place...].starts(with: $0) }
                let input = inputs.max { $0.count < $1.count }
                expected.append(input.flatMap { rules[$0] } ?? text[place])
                place += input?.count ?? 1
            }
            let chain = try analyzer(rules.map { "\($0.joined(separator: " ")) => \($1)" })
            let found = chain.tokens(of: Array(text.joined(separator: " ").utf8).span)
            #expect(found.map { String(decoding: $0.term, as: UTF8.self) } == expected)
            #expect(found.map(\.position) == Array(0..<UInt32(expected.count)))
        }
    }
}
