import TestSupport
import Testing

@testable import SearchIndex

/// Occurrences of exact phrases, counted for many documents at once, against a count by sets.
struct PhraseCounterTests {
    /// The positions of a phrase's terms in some documents.
    private struct Sample {
        /// By term and document, ascending.
        var positions: [[[UInt32]]]
        let offsets: [UInt32]

        init(_ random: inout SeededRandom) {
            let documents = Int.random(in: 1...20, using: &random)
            let length = UInt32.random(in: 1...900, using: &random)
            offsets = (0..<Int.random(in: 2...4, using: &random)).map { UInt32($0) }
                .shuffled(using: &random)
            positions = []
            for _ in offsets {
                let most = Int.random(in: 1...40, using: &random)
                positions.append(
                    (0..<documents).map { _ in
                        Set(
                            (0..<Int.random(in: 1...most, using: &random)).map { _ in
                                UInt32.random(in: 0..<length, using: &random)
                            }
                        ).sorted()
                    })
            }
        }

        var documents: Range<Int> { positions[0].indices }

        /// How often all terms stand at their offsets.
        func count(in document: Int) -> Int {
            let others = positions.map { Set($0[document]) }
            return positions[0][document].count { position in
                guard position >= offsets[0] else { return false }
                return zip(others, offsets).allSatisfy {
                    $0.contains(position - offsets[0] + $1)
                }
            }
        }

        /// The values of a term as a block has them, and their places.
        func block(of term: Int) -> (places: ValuePlaces, values: [UInt32]) {
            var places = ValuePlaces()
            places.set(positions[term].map { UInt32($0.count) }, count: documents.count)
            let values = positions[term].flatMap { positions in
                zip(positions, [0] + positions).map { $0 - $1 }
            }
            return (places, values)
        }

        /// What a counter finds that requires so much of each document.
        func counts(requiring least: [Int]) -> [Int] {
            var counter = PhraseCounter(slop: 0)
            counter.removeAll()
            for document in documents { counter.require(least[document], of: document) }
            var postings = Array(documents)
            for (term, offset) in offsets.enumerated() {
                let (places, values) = block(of: term)
                if term == 0 {
                    counter.begin(
                        documents, postings, places, values, shift: 0, offset: offset)
                } else {
                    counter.narrow(
                        documents, postings, places, values, shift: 0, offset: offset)
                }
                // As the lookups do: what is lost is not looked at again.
                for document in documents where counter.count(of: document) == 0 {
                    postings[document] = -1
                }
            }
            return documents.map { counter.count(of: $0) }
        }
    }

    @Test func `a count is exact, and may be too low where it is below what is required`() {
        var random = SeededRandom.forTest("counted phrases")
        var exact = 0
        var short = 0
        for _ in 0..<400 {
            let sample = Sample(&random)
            let expected = sample.documents.map { sample.count(in: $0) }
            let none = [Int](repeating: 1, count: sample.documents.count)
            #expect(sample.counts(requiring: none) == expected)
            let least = expected.map { max(1, $0 + Int.random(in: -2...1, using: &random)) }
            for (document, count) in sample.counts(requiring: least).enumerated() {
                if expected[document] >= least[document] {
                    #expect(count == expected[document])
                    exact += 1
                } else {
                    #expect(count <= expected[document])
                    short += 1
                }
            }
        }
        #expect(exact > 200 && short > 200)
    }

    @Test func `positions before a phrase could start do not count`() {
        var counter = PhraseCounter(slop: 0)
        counter.begin([0, 1, 7], offset: 2)
        counter.narrow([5, 6], offset: 0)
        #expect(counter.count == 1)
    }
}
