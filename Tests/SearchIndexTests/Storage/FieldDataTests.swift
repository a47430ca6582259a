import TestSupport
import Testing

@testable import SearchIndex

/// The tokens of a field, whose terms are numbered in batches.
struct FieldDataTests {
    /// More different terms than the table of those met lately is made for, some long.
    private static func term(_ random: inout SeededRandom) -> [UInt8] {
        let isFrequent = Int.random(in: 0..<4, using: &random) > 0
        let number = Int.random(in: 0..<(isFrequent ? 300 : 150_000), using: &random)
        let name = String(number, radix: 36)
        let tail = number % 7 == 0 ? String(repeating: "x", count: number % 40) : ""
        return Array((name + tail).utf8)
    }

    @Test
    func `each token has the number of its term, whatever batch it was in`() throws {
        var random = SeededRandom.forTest("field data")
        var field = FieldData(Field(name: "body", kind: .text))
        var intake = TextIntake()
        var expected: [[[UInt8]]] = []
        for document in 0..<6_000 {
            var terms: [[UInt8]] = []
            intake.reset()
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                var position = intake.start
                for _ in 0..<Int.random(in: 0...150, using: &random) {
                    let term = Self.term(&random)
                    #expect(intake.take(term.span, at: position, &field))
                    terms.append(term)
                    position += 1
                }
                intake.endText(at: position, &field)
            }
            field.endDocument(UInt32(document))
            expected.append(terms)
        }
        field.finish()
        #expect(field.terms.count == Set(expected.joined()).count)
        var found: [[[UInt8]]] = []
        field.tokens.forEachDocument(in: 0..<6_000) { _, numbers, _ in
            var terms: [[UInt8]] = []
            for index in numbers.indices {
                field.terms.withBytes(of: numbers[index]) { bytes in
                    var term: [UInt8] = []
                    term.append(copying: bytes)
                    terms.append(term)
                }
            }
            found.append(terms)
        }
        #expect(found == expected)
    }

    @Test
    func `a token whose position is too high is refused`() {
        var field = FieldData(Field(name: "body", kind: .text))
        var intake = TextIntake()
        let (short, long) = ([UInt8]("word".utf8), [UInt8](repeating: 0x61, count: 20))
        for term in [short, long] {
            #expect(intake.take(term.span, at: SegmentFormat.maximumPosition, &field))
            #expect(!intake.take(term.span, at: SegmentFormat.maximumPosition + 1, &field))
        }
        intake.endText(at: 2, &field)
        #expect(field.tokens.count == 2)
    }
}
