import TestSupport
import Testing

@testable import SearchIndex

/// The tokenizer `simple` looks at 64 bytes at once; here are the same words found scalar by scalar.
struct WordBlockTests {
    /// Pieces of text: words of many lengths, separators, scalars of every length, malformed bytes.
    private static let pieces: [[UInt8]] =
        [
            "a", "Z9", "word", "longerword", " ", "-", ", ", "\n\n", "_", "\u{0}", "é", "ß", "日本",
            "Ⅷ",
        ]
        .map { Array($0.utf8) }
        + ["—", "…", "😀", "𝒳y", "Ω", "\u{301}"].map { Array($0.utf8) }
        + [[0xFF], [0xE2, 0x82], [0xC3], [0x80], [0xF0, 0x9F]]
        + [15, 31, 63, 64, 65, 130].map { [UInt8](repeating: UInt8(ascii: "q"), count: $0) }

    @Test
    func `words are the runs of alphanumeric scalars, wherever blocks of bytes end`() {
        var random = SeededRandom.forTest("word blocks")
        for _ in 0..<3_000 {
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                text += Self.pieces.randomElement(using: &random) ?? []
            }
            let tokens = Analyzer.simple.tokens(of: text.span)
            #expect(tokens == Self.slowTokens(text), "\(text)")
        }
    }

    @Test
    func `terms given by their heads are those given by their bytes`() {
        var random = SeededRandom.forTest("term heads")
        for analyzer in [Analyzer.simple, .standard] {
            for _ in 0..<1_500 {
                var text: [UInt8] = []
                for _ in 0..<Int.random(in: 0...40, using: &random) {
                    text += Self.pieces.randomElement(using: &random) ?? []
                }
                var stream = TokenStream(analyzer)
                let tokens = stream.tokens(of: text.span)
                let stop = Int.random(in: 0...tokens.count, using: &random)
                var terms: [[UInt8]] = []
                var positions: [UInt32] = []
                _ = stream.forEachTerm(of: text.span, from: 0) { head, length, position in
                    terms.append([])
                    head.append(count: length, to: &terms[terms.count - 1])
                    positions.append(position)
                    return terms.count != stop
                } other: { term, position in
                    terms.append([])
                    terms[terms.count - 1].append(copying: term)
                    positions.append(position)
                    return terms.count != stop
                }
                let expected = stop == 0 ? tokens[...] : tokens[..<stop]
                #expect(terms == expected.map(\.term), "\(text)")
                #expect(positions == expected.map(\.position), "\(text)")
            }
        }
    }

    private static func slowTokens(_ text: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var position: UInt32 = 0
        var start: Int?
        var place = 0
        func end() {
            guard let first = start else { return }
            start = nil
            defer { position += 1 }
            guard place - first <= 39 else { return }
            let word = String(decoding: text[first..<place], as: UTF8.self)
            let term = word.unicodeScalars.map(\.properties.lowercaseMapping).joined()
            tokens.append(
                Token(term: Array(term.utf8), position: position, byteRange: first..<place))
        }
        while place < text.count {
            let scalar = UTF8Scalar(text.span, at: place)
            let known = UnicodeProperties.shared.properties(of: scalar.value)
            if known.isAlphanumeric, scalar.isWellFormed {
                start = start ?? place
            } else {
                end()
            }
            place += scalar.length
        }
        end()
        return tokens
    }
}

struct ByteSearchTests {
    @Test
    func `the next byte is found from every offset, among bytes that are nearly it`() {
        var random = SeededRandom.forTest("byte search")
        for wanted in [0x0A, 0x5C, 0x00, 0xFF] as [UInt8] {
            for length in 0...40 {
                let others = [wanted &+ 1, wanted &- 1, wanted ^ 0x80, wanted]
                let bytes = (0..<length).map { _ in others.randomElement(using: &random) ?? 0 }
                for start in 0...length {
                    let slow = bytes[start...].firstIndex(of: wanted) ?? length
                    #expect(bytes.span.nextOffset(of: wanted, from: start) == slow)
                }
            }
        }
    }
}
