import SearchIndex
import TestSupport
import Testing

/// The terms of `text` as strings.
private func terms(_ kind: AnalyzerKind, _ text: String) -> [String] {
    kind.tokens(of: Array(text.utf8).span).map { String(decoding: $0.term, as: UTF8.self) }
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
        let tokens = AnalyzerKind.simple.tokens(of: Array((text + " d").utf8).span)
        #expect(tokens.map(\.term.count) == [1, 39, 1])
        #expect(tokens.map(\.position) == [0, 1, 3])
    }

    @Test func `invalid UTF-8 separates terms`() {
        let bytes: [UInt8] = [0x61, 0xFF, 0x62, 0xE2, 0x82, 0x63, 0xED, 0xA0, 0x80, 0x64, 0xF0]
        let tokens = AnalyzerKind.simple.tokens(of: bytes.span)
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
        let tokens = AnalyzerKind.standard.tokens(of: Array((text + " d").utf8).span)
        #expect(tokens.map(\.term.count) == [255, 1])
        #expect(tokens.map(\.position) == [0, 2])
    }

    @Test func `the longest term still fits when lowercasing makes it longer`() throws {
        // U+023A takes 2 bytes, its lowercase U+2C65 takes 3.
        let text = String(repeating: "\u{23A}", count: 127)
        let token = try #require(AnalyzerKind.standard.tokens(of: Array(text.utf8).span).first)
        #expect(token.term == Array(String(repeating: "\u{2C65}", count: 127).utf8))
    }

    @Test func `offsets give the bytes that the term was made from`() {
        let text = Array("«Ünder» 日 don't.".utf8)
        let parts = AnalyzerKind.standard.tokens(of: text.span)
            .map { String(decoding: text[$0.byteRange], as: UTF8.self) }
        #expect(parts == ["Ünder", "日", "don't"])
    }
}

struct TokenizerTests {
    @Test func `positions go on from the start that reset is given`() {
        var tokenizer = Tokenizer(.simple)
        let text = Array("one two".utf8)
        tokenizer.reset(position: 100)
        var positions: [UInt32] = []
        while tokenizer.next(in: text.span) { positions.append(tokenizer.position) }
        #expect(positions == [100, 101])
        #expect(tokenizer.nextPosition == 102)
    }

    @Test func `a tokenizer stops when positions are used up`() {
        var tokenizer = Tokenizer(.standard)
        let text = Array("one two three".utf8)
        tokenizer.reset(position: .max - 1)
        var count = 0
        while tokenizer.next(in: text.span) { count += 1 }
        #expect(count == 1)
    }

    @Test(arguments: AnalyzerKind.allCases)
    func `random bytes give ordered, bounded, lowercased terms`(kind: AnalyzerKind) {
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
            var last = 0
            for token in kind.tokens(of: text.span) {
                #expect(token.byteRange.lowerBound >= last)
                #expect(token.byteRange.upperBound <= text.count)
                #expect(!token.term.isEmpty)
                #expect(String(validating: token.term, as: UTF8.self) != nil)
                last = token.byteRange.upperBound
            }
        }
    }
}
