import TestSupport
import Testing

@testable import SearchIndex

/// One scalar of each length of UTF-8, and borders between lengths.
private let alphabet: [Unicode.Scalar] = ["a", "b", "-", "\u{7F}", "é", "\u{7FF}", "日", "😀"]

private func utf8(_ scalars: [Unicode.Scalar]) -> [UInt8] {
    var text = String.UnicodeScalarView()
    text += scalars
    return Array(String(text).utf8)
}

private func randomTerm(
    _ lengths: ClosedRange<Int>, using random: inout SeededRandom
) -> [Unicode.Scalar] {
    (0..<Int.random(in: lengths, using: &random)).map { _ in
        alphabet.randomElement(using: &random)!
    }
}

struct TermAutomatonTests {
    private func matches(_ pattern: ExpansionQuery.Pattern, _ term: String) throws -> Bool {
        var automaton = try pattern.automaton()
        return automaton.matches(Array(term.utf8).span)
    }

    @Test(arguments: [
        ("abc", ["abc"], ["ab", "abcd", ""]),
        ("", [""], ["a"]),
        ("a|b|", ["a", "b", ""], ["ab"]),
        ("ab*c", ["ac", "abbbc"], ["ab", "abc d"]),
        ("a+", ["a", "aaa"], ["", "ab"]),
        ("a?b", ["b", "ab"], ["aab"]),
        ("a{2}", ["aa"], ["a", "aaa"]),
        ("a{2,}", ["aa", "aaaaa"], ["a"]),
        ("a{1,3}b{0}", ["a", "aa", "aaa"], ["", "aaaa", "ab"]),
        ("(ab|c)+d", ["abd", "cabd", "ccd"], ["d", "acd"]),
        (".", ["a", "é", "日", "😀", "\n"], ["", "ab", "é日"]),
        ("[a-cx]", ["a", "b", "c", "x"], ["d", "-", "ab"]),
        ("[^a-c]", ["d", "é", "\n"], ["a", ""]),
        ("[\\]a]", ["]", "a"], ["\\"]),
        ("[α-ω]+", ["λογος"], ["logos"]),
        ("[日-本]", ["日", "本", "昧"], ["a", "月日"]),
        ("\\d{4}-\\d\\d", ["2024-07"], ["20a4-07"]),
        ("[\\w.]+", ["a_1.b"], ["a b"]),
        ("\\S\\s\\W\\D", ["a  b"], ["abcd"]),
        ("a\\.b\\/", ["a.b/"], ["axb/"]),
        ("(a*)*b", ["b", "aaab"], ["a"]),
        ("((((a))))", ["a"], ["aa"]),
    ])
    func `regular expressions match whole terms`(
        pattern: String, accepted: [String], refused: [String]
    ) throws {
        for term in accepted {
            #expect(try matches(.regex(Array(pattern.utf8)), term), "\(pattern) \(term)")
        }
        for term in refused {
            #expect(try !matches(.regex(Array(pattern.utf8)), term), "\(pattern) \(term)")
        }
    }

    @Test(arguments: [
        ("a(b", 1, PatternError.Reason.unbalancedGroup),
        ("a)b", 1, .unbalancedGroup),
        ("*a", 0, .nothingToRepeat),
        ("a**", 2, .nothingToRepeat),
        ("a|+", 2, .nothingToRepeat),
        ("[ab", 0, .badClass),
        ("x[]", 1, .badClass),
        ("[^]", 0, .badClass),
        ("[b-a]", 1, .badClass),
        ("a\\", 1, .badEscape),
        ("\\q", 0, .badEscape),
        ("a{", 1, .badRepetition),
        ("a{x}", 1, .badRepetition),
        ("a{2,1}", 1, .badRepetition),
        ("a{1001}", 1, .badRepetition),
        ("a{,2}", 1, .badRepetition),
        (String(repeating: "(", count: 100), 32, .tooDeep),
        ("(((a{1000}){1000}){1000}){1000}", 0, .tooComplex),
    ])
    func `a malformed expression is refused at its place`(
        pattern: String, offset: Int, reason: PatternError.Reason
    ) throws {
        let error = #expect(throws: PatternError.self) {
            try ExpansionQuery.Pattern.regex(Array(pattern.utf8)).automaton()
        }
        #expect(error == PatternError(byteOffset: offset, reason: reason))
    }

    @Test func `random expressions match what trying everything matches`() throws {
        var random = SeededRandom.forTest("random expressions")
        var accepted = 0
        for _ in 0..<600 {
            let pattern = SlowPattern.random(of: alphabet, depth: 3, using: &random)
            var automaton = try ExpansionQuery.Pattern.regex(Array(pattern.expression.utf8))
                .automaton()
            for _ in 0..<40 {
                let term = randomTerm(0...5, using: &random)
                let expected = pattern.matches(term)
                if expected { accepted += 1 }
                #expect(
                    automaton.matches(utf8(term).span) == expected,
                    "\(pattern.expression) \(term)")
            }
        }
        #expect(accepted > 1_000)
    }

    @Test func `random wildcards match what trying everything matches`() throws {
        var random = SeededRandom.forTest("random wildcards")
        for _ in 0..<500 {
            var text: [UInt8] = []
            var parts: [SlowPattern] = []
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                switch Int.random(in: 0..<5, using: &random) {
                case 0:
                    text.append(UInt8(ascii: "*"))
                    parts.append(.star(.any))
                case 1:
                    text.append(UInt8(ascii: "?"))
                    parts.append(.any)
                default:
                    let scalar = alphabet.randomElement(using: &random)!
                    text += utf8([scalar])
                    parts.append(.scalar(scalar))
                }
            }
            var automaton = try ExpansionQuery.Pattern.wildcard(text).automaton()
            for _ in 0..<40 {
                let term = randomTerm(0...5, using: &random)
                #expect(
                    automaton.matches(utf8(term).span) == SlowPattern.sequence(parts).matches(term),
                    "\(text) \(term)")
            }
        }
        #expect(try matches(.wildcard(Array("a\\*\\?\\\\".utf8)), "a*?\\"))
        #expect(throws: PatternError(byteOffset: 1, reason: .badEscape)) {
            try ExpansionQuery.Pattern.wildcard(Array("a\\".utf8)).automaton()
        }
    }

    @Test(arguments: [1, 2], [true, false])
    func `fuzzy terms are those within the edit distance`(
        distance: Int, transpositions: Bool
    ) throws {
        var random = SeededRandom.forTest("fuzzy \(distance) \(transpositions)")
        var accepted = 0
        for _ in 0..<250 {
            let wanted = randomTerm(0...7, using: &random)
            let prefix = Int.random(in: 0...2, using: &random)
            var automaton = try ExpansionQuery.Pattern.fuzzy(
                term: utf8(wanted), distance: distance, prefixLength: prefix,
                transpositions: transpositions
            ).automaton()
            for _ in 0..<60 {
                var term = wanted
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    let place = Int.random(in: 0...term.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: term.insert(alphabet.randomElement(using: &random)!, at: place)
                    case 1 where place < term.count: term.remove(at: place)
                    case 2 where place < term.count:
                        term[place] = alphabet.randomElement(using: &random)!
                    case 3 where place + 1 < term.count: term.swapAt(place, place + 1)
                    default: break
                    }
                }
                let kept = min(prefix, wanted.count)
                let expected =
                    term.count >= kept && term[..<kept] == wanted[..<kept]
                    && editDistance(
                        Array(wanted[kept...]), Array(term[kept...]),
                        transpositions: transpositions) <= distance
                if expected { accepted += 1 }
                #expect(
                    automaton.matches(utf8(term).span) == expected, "\(wanted) \(prefix) \(term)")
            }
        }
        #expect(accepted > 1_000)
    }

    @Test func `a set of scalars and its opposite split all scalars between them`() {
        var random = SeededRandom.forTest("scalar sets")
        for _ in 0..<30 {
            let ranges = (0..<4).map { _ -> ClosedRange<UInt32> in
                let low = UInt32.random(in: 0...0x1_1FFF, using: &random) % 0x110000
                return low...min(0x10FFFF, low + UInt32.random(in: 0...0x2000, using: &random))
            }
            let set = ScalarSet(ranges)
            for _ in 0..<2_000 {
                let value = UInt32.random(in: 0...0x1_3FFF, using: &random)
                guard let scalar = Unicode.Scalar(value) else { continue }
                let bytes = utf8([scalar])
                func has(_ set: ScalarSet) -> Int {
                    UTF8Sequences(set).sequences.count {
                        $0.count == bytes.count && zip($0, bytes).allSatisfy { $0.contains($1) }
                    }
                }
                let expected = ranges.contains { $0.contains(value) }
                #expect(has(set) == (expected ? 1 : 0))
                #expect(has(set.inverted) == (expected ? 0 : 1))
            }
        }
    }
}
