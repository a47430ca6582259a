import TestSupport
import Testing

@testable import SearchIndex

struct TermDictionaryTests {
    @Test(arguments: [1, 2, 15, 16, 17, 32, 33, 1_000])
    func `lookups give what a plain dictionary gives`(count: Int) throws {
        var random = SeededRandom.forTest("dictionary \(count)")
        var terms = Set<[UInt8]>()
        while terms.count < count {
            let length = Int.random(in: 0...6, using: &random)
            terms.insert((0..<length).map { _ in [0, 97, 98, 255].randomElement(using: &random)! })
        }
        let sorted = terms.sorted { $0.lexicographicallyPrecedes($1) }
        let folder = try ScratchFolder()
        let dictionary = try folder.dictionary(sorted)
        var (postings, positions) = (0, 0)
        for (number, term) in sorted.enumerated() {
            let entry = try #require(try dictionary.lookup(term))
            #expect(entry.documentFrequency == UInt32(number % 50 + 1))
            #expect(entry.globalDocumentFrequency == UInt64(number + 100))
            #expect(entry.postings == postings..<postings + number % 7)
            #expect(entry.positions == positions..<positions + number % 3)
            postings += number % 7
            positions += number % 3
            for other in [term + [0], term + [255], Array(term.dropLast())]
            where !terms.contains(other) {
                #expect(try dictionary.lookup(other) == nil)
            }
        }
    }

    @Test
    func `an empty dictionary finds nothing`() throws {
        let folder = try ScratchFolder()
        #expect(try folder.dictionary([]).lookup([1]) == nil)
    }

    @Test
    func `a table numbers strings once and sorts them as bytes`() {
        var random = SeededRandom.forTest("term table")
        var table = TermTable()
        var numbers: [[UInt8]: UInt32] = [:]
        for _ in 0..<40_000 {
            let length = Int.random(in: 0...(Bool.random(using: &random) ? 8 : 40), using: &random)
            let term = (0..<length).map { _ in UInt8.random(in: 0...3, using: &random) &* 85 }
            let number = table.intern(term.span)
            #expect(number == numbers[term] ?? UInt32(numbers.count))
            numbers[term] = number
        }
        #expect(table.count == numbers.count)
        let expected = numbers.keys.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(table.sortedNumbers() == expected.map { numbers[$0] })
    }
}
