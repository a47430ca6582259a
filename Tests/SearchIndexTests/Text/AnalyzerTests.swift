import TestSupport
import Testing

@testable import SearchIndex

/// The terms of `text` as strings.
private func terms(_ analyzer: Analyzer, _ text: String) -> [String] {
    analyzer.tokens(of: Array(text.utf8).span).map { String(decoding: $0.term, as: UTF8.self) }
}

struct SimpleAnalyzerTests {
    @Test(arguments: [
        ("", []),
        ("  ,.- ", []),
        ("Hello, World-2", ["hello", "world", "2"]),
        ("foo_bar can't", ["foo", "bar", "can", "t"]),
        ("ÄRGER Straße", ["ärger", "straße"]),
        ("日本語 テキスト", ["日本語", "テキスト"]),
        ("x² ½ Ⅷ", ["x²", "½", "ⅷ"]),
        ("ΣΟΦΟΣ", ["σοφοσ"]),
        ("IıİI", ["iıi\u{307}i"]),
        ("e\u{301}a", ["e", "a"]),
        ("a😀b", ["a", "b"]),
    ])
    func `runs of alphanumerics are lowercased`(text: String, expected: [String]) {
        #expect(terms(.simple, text) == expected)
    }

    @Test func `runs of 40 bytes or more are left out and keep their position`() throws {
        let text =
            "a " + String(repeating: "b", count: 39) + " " + String(repeating: "c", count: 40)
        let tokens = Analyzer.simple.tokens(of: Array((text + " d").utf8).span)
        #expect(tokens.map(\.term.count) == [1, 39, 1])
        #expect(tokens.map(\.position) == [0, 1, 3])
    }

    @Test func `invalid UTF-8 separates terms`() {
        let bytes: [UInt8] = [0x61, 0xFF, 0x62, 0xE2, 0x82, 0x63, 0xED, 0xA0, 0x80, 0x64, 0xF0]
        let tokens = Analyzer.simple.tokens(of: bytes.span)
        #expect(tokens.map(\.term) == [[0x61], [0x62], [0x63], [0x64]])
    }
}

struct StandardAnalyzerTests {
    @Test(arguments: [
        ("", []),
        ("Hello, World!", ["hello", "world"]),
        ("can't stop. won't", ["can't", "stop", "won't"]),
        ("3.14 1,000 a.b u.s.a.", ["3.14", "1,000", "a.b", "u.s.a"]),
        ("foo_bar __x__ ___", ["foo_bar", "__x__"]),
        ("wi-fi e-mail", ["wi", "fi", "e", "mail"]),
        ("日本語", ["日", "本", "語"]),
        ("テキスト한국어", ["テキスト", "한국어"]),
        ("ひらがな", ["ひ", "ら", "が", "な"]),
        ("IıİI", ["iıi\u{307}i"]),
        ("e\u{301}te\u{301}", ["e\u{301}te\u{301}"]),
        ("a \u{301}b", ["a", "b"]),
        ("👍🏽 👨‍👩‍👧 🇫🇷🇩🇪", ["👍🏽", "👨‍👩‍👧", "🇫🇷", "🇩🇪"]),
        ("❤ ❤️ © ™", ["❤️"]),
        ("צה\"ל ג'ירפה", ["צה\"ל", "ג'ירפה"]),
        ("a:b 1:2", ["a:b", "1", "2"]),
    ])
    func `segments with letters, numbers or emoji become terms`(text: String, expected: [String]) {
        #expect(terms(.standard, text) == expected)
    }

    @Test func `segments above 255 bytes are left out and keep their position`() {
        let text = String(repeating: "b", count: 255) + " " + String(repeating: "é", count: 128)
        let tokens = Analyzer.standard.tokens(of: Array((text + " d").utf8).span)
        #expect(tokens.map(\.term.count) == [255, 1])
        #expect(tokens.map(\.position) == [0, 2])
    }

    @Test func `the longest term still fits when lowercasing makes it longer`() throws {
        // U+023A takes 2 bytes, its lowercase U+2C65 takes 3.
        let text = String(repeating: "\u{23A}", count: 127)
        let token = try #require(Analyzer.standard.tokens(of: Array(text.utf8).span).first)
        #expect(token.term == Array(String(repeating: "\u{2C65}", count: 127).utf8))
    }

    @Test func `offsets give the bytes that the term was made from`() {
        let text = Array("«Ünder» 日 don't.".utf8)
        let parts = Analyzer.standard.tokens(of: text.span)
            .map { String(decoding: text[$0.byteRange], as: UTF8.self) }
        #expect(parts == ["Ünder", "日", "don't"])
    }
}

struct TokenStreamTests {
    @Test func `positions go on from the start that is given`() {
        var stream = TokenStream(.simple)
        let text = Array("one two".utf8)
        var positions: [UInt32] = []
        let next = stream.forEachTerm(of: text.span, from: 100) { _, position, _ in
            positions.append(position)
            return true
        }
        #expect(positions == [100, 101])
        #expect(next == 102)
    }

    @Test(arguments: Analyzer.everyKind)
    func `a stream ends when positions are used up, or when it is told`(analyzer: Analyzer) {
        var stream = TokenStream(analyzer)
        let text = Array("one two three".utf8)
        var positions = Set<UInt32>()
        let next = stream.forEachTerm(of: text.span, from: .max - 1) { _, position, _ in
            positions.insert(position)
            return true
        }
        #expect(positions == [UInt32.max - 1])
        #expect(next == UInt32.max)
        var count = 0
        _ = stream.forEachTerm(of: text.span) { _, _, _ in
            count += 1
            return false
        }
        #expect(count == 1)
    }

    @Test(arguments: Analyzer.everyKind)
    func `a word of a query is the term that the chain makes of it`(analyzer: Analyzer) {
        var stream = TokenStream(analyzer)
        var taken = 0
        let words = ["a", "Z9", "RED", "007", "x_y", "don't", "a b", "é", "", "3.14", "ﬀ"]
        let long = [38, 39, 40, 254, 255, 256, 4_096].map { String(repeating: "Q", count: $0) }
        for word in words + long {
            let content = Array(word.utf8)
            guard let term = analyzer.term(ofWord: content) else { continue }
            let places = stream.alternatives(of: content.span)
            #expect(places.map(\.position) == [0] && places.map(\.terms) == [[term]], "\(word)")
            taken += 1
        }
        let cutsWords = analyzer.tokenizer == .simple || analyzer.tokenizer == .standard
        let isPlain = cutsWords && [[], [.lowercase]].contains(analyzer.filters)
        #expect(isPlain ? taken >= 6 : taken == 0)
    }

    @Test(arguments: Analyzer.everyKind)
    func `a used stream gives what a new one gives`(analyzer: Analyzer) {
        var stream = TokenStream(analyzer)
        for text in ["a/b/c one", "Two two", "", "x y z", "Straße des 17. Juni"] {
            let bytes = Array(text.utf8)
            #expect(stream.tokens(of: bytes.span) == analyzer.tokens(of: bytes.span))
        }
    }

    @Test(arguments: Analyzer.everyKind)
    func `random bytes give terms at places of the text, in its order`(analyzer: Analyzer) {
        var random = SeededRandom.forTest("analyzer random bytes")
        let pieces: [[UInt8]] = ["a", "B", "_", "'", ".", "İ", "é", "日", "\u{200D}", "👍", "🏽", " "]
            .map { Array($0.utf8) }
        for _ in 0..<3000 {
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 0...24, using: &random) {
                if Bool.random(using: &random) {
                    text.append(UInt8.random(in: 0...255, using: &random))
                } else {
                    text += pieces.randomElement(using: &random) ?? []
                }
            }
            let boundaries = Self.boundaries(text)
            var last = Token(term: [], position: 0, byteRange: 0..<0)
            var seen: [UInt32: Set<[UInt8]>] = [:]
            for token in analyzer.tokens(of: text.span) {
                #expect(token.byteRange.lowerBound >= last.byteRange.lowerBound)
                #expect(token.position >= last.position)
                #expect(boundaries.contains(token.byteRange.lowerBound))
                #expect(boundaries.contains(token.byteRange.upperBound))
                #expect(!token.byteRange.isEmpty && !token.term.isEmpty)
                #expect(String(validating: token.term, as: UTF8.self) != nil)
                #expect(seen[token.position, default: []].insert(token.term).inserted)
                last = token
            }
        }
    }

    /// Where scalars, or malformed sequences in their place, begin and end.
    private static func boundaries(_ text: [UInt8]) -> Set<Int> {
        var boundaries: Set = [0]
        var offset = 0
        while offset < text.count {
            offset += UTF8Scalar(text.span, at: offset).length
            boundaries.insert(offset)
        }
        return boundaries
    }
}

extension Analyzer {
    /// One analyzer of every tokenizer, and chains of every filter.
    static let everyKind: [Analyzer] = {
        let synonyms = [
            "two, ii, zwei", "one => eins", "a b => ab", "é 日 => é 日, x", "B => b",
        ]
        let definitions = #"""
            "raw": {"tokenizer": "standard"},
            "ngram": {"tokenizer": {"ngram": {"min": 2, "max": 3}}},
            "word_ngram": {"tokenizer": {"ngram": {"min": 1, "max": 2, "words": true}}},
            "edge": {"tokenizer": {"edge_ngram": {"min": 1, "max": 4}}, "filters": ["lowercase"]},
            "word_edge": {"tokenizer": {"edge_ngram": {"min": 1, "max": 5, "words": true}}},
            "english": {"tokenizer": "standard", "filters":
                ["lowercase", "ascii_folding", {"stop": "english"}, {"stemmer": "english"}]},
            "folded": {"tokenizer": "whitespace", "filters":
                ["ascii_folding", {"length": {"min": 1, "max": 3}}, "lowercase"]},
            "synonyms": {"tokenizer": "standard", "filters":
                ["lowercase", {"synonyms": \#(synonyms)}, {"stemmer": "english"}]}
            """#
        do {
            let json =
                #"{"fields":[{"name":"f","kind":"text"}],"analyzers":{\#(definitions)}}"#
            return try builtIn + Schema(json: Array(json.utf8)).analyzers
        } catch {
            preconditionFailure("\(error)")
        }
    }()
}
