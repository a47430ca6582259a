import Foundation
import TestSupport
import Testing

@testable import SearchIndex

/// One line of WordBreakTest.txt.
private struct WordBreakCase {
    let text: [UInt8]
    /// Offsets of all boundaries but the first.
    let ends: [Int]

    init?(_ line: String) {
        var text: [UInt8] = []
        var ends: [Int] = []
        for part in line.split(separator: " ") {
            if part == "/" {
                if !text.isEmpty { ends.append(text.count) }
            } else if part != "x" {
                guard let value = UInt32(part, radix: 16), let scalar = Unicode.Scalar(value) else {
                    return nil
                }
                text += Array(String(Character(scalar)).utf8)
            }
        }
        self.text = text
        self.ends = ends
    }

    var found: [Int] {
        var ends: [Int] = []
        var start = 0
        while start < text.count {
            start = WordSegment(text.span, from: start, .shared).end
            ends.append(start)
        }
        return ends
    }
}

struct WordBreakTests {
    @Test(arguments: WordBreakCases.all)
    func `a segment ends where the conformance test says`(line: String) throws {
        let example = try #require(WordBreakCase(line))
        #expect(example.found == example.ends)
    }

    /// Runs where Debian's package unicode-data, of the tables' version, is installed.
    @Test func `the whole conformance file of the tables' version passes`() throws {
        let path = "/usr/share/unicode/auxiliary/WordBreakTest.txt"
        guard let contents = try? String(contentsOfFile: path, encoding: .utf8),
            contents.hasPrefix("# WordBreakTest-\(Schema.unicodeVersion).txt")
        else { return }
        for line in contents.split(separator: "\n") where !line.hasPrefix("#") {
            let text = line.prefix { $0 != "#" }
                .replacingOccurrences(of: "÷", with: "/")
                .replacingOccurrences(of: "×", with: "x")
                .trimmingCharacters(in: .whitespaces)
            let example = try #require(WordBreakCase(text))
            #expect(example.found == example.ends, "\(line)")
        }
    }

    @Test func `fast paths of the tokenizer find the terms that segments give`() {
        var random = SeededRandom.forTest("standard fast path")
        let pieces = [
            "a", "Z", "7", "_", "'", "\"", ".", ",", ":", ";", " ", "\n", "-", "é", "ש", "日",
            "\u{301}",
            "\u{200D}", "\u{AD}",
        ].map { Array($0.utf8) }
        for _ in 0..<5000 {
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                text += pieces.randomElement(using: &random) ?? []
            }
            var expected: [Range<Int>] = []
            var start = 0
            while start < text.count {
                let segment = WordSegment(text.span, from: start, .shared)
                if segment.isTerm { expected.append(start..<segment.end) }
                start = segment.end
            }
            #expect(Analyzer.standard.tokens(of: text.span).map(\.byteRange) == expected)
        }
    }

    @Test func `ASCII text is cut like the same text in letters and digits outside ASCII`() {
        var random = SeededRandom.forTest("standard ASCII path")
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                UInt8.random(in: 0...0x7F, using: &random)
            }
            // Cyrillic and Arabic ones have the same word-break classes and take two bytes.
            var other: [UInt8] = []
            var offsets = [0]
            for byte in text {
                if ASCII.isAlphanumeric(byte) {
                    let isDigit = byte <= UInt8(ascii: "9")
                    other += Array((isDigit ? "\u{660}" : "\u{434}").utf8)
                } else {
                    other.append(byte)
                }
                offsets.append(other.count)
            }
            for analyzer in [Analyzer.standard, .simple] {
                let expected = analyzer.tokens(of: text.span).map(\.byteRange)
                    .map { offsets[$0.lowerBound]..<offsets[$0.upperBound] }
                #expect(analyzer.tokens(of: other.span).map(\.byteRange) == expected, "\(text)")
            }
        }
    }

    @Test func `lowercasing agrees with the standard library, scalar by scalar`() {
        // The standard library may know a later Unicode version: scalars it changed are few and
        // have no case in the tables' version, so only mappings of the tables are compared.
        let properties = UnicodeProperties.shared
        var mapped = 0
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), value != 0x130 else { continue }
            let lower = properties.lowercase(value)
            if lower == value { continue }
            mapped += 1
            #expect(scalar.properties.lowercaseMapping.unicodeScalars.map(\.value) == [lower])
        }
        #expect(mapped > 1300)
    }
}
