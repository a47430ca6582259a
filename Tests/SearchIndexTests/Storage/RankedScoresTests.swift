import TestSupport
import Testing

@testable import SearchIndex

struct RankedScoresTests {
    @Test
    func `the scores at the stored ranks are those of a full sort`() {
        var random = SeededRandom.forTest("ranked scores")
        let norms = NormParameters(averageLength: 12).norms()
        var ranks = RankedScores()
        for greatest in [1, 3, 20, 300, 70_000_000] as [UInt32] {
            for count in [1, 9, 10, 11, 150, 1_000, 2_500] {
                let codes = (0..<count).map { _ in UInt8.random(in: 0...60, using: &random) }
                var term = PostingsWriter.Term()
                for document in 0..<UInt32(count) {
                    term.documents.append(document)
                    term.frequencies.append(UInt32.random(in: 1...greatest, using: &random))
                }
                ranks.take(term, codes.span, norms: norms)
                let slow = (0..<count).map {
                    BM25.contribution(
                        weight: 1, frequency: term.frequencies[$0], norm: norms[Int(codes[$0])])
                }.sorted(by: >)
                for (rank, pair) in zip(SegmentFormat.storedRanks, ranks.ranked()) {
                    guard rank <= count else {
                        #expect(pair == nil)
                        continue
                    }
                    guard let pair else {
                        // Only what one byte cannot hold has no pair.
                        #expect(greatest > 254)
                        continue
                    }
                    let score = BM25.contribution(
                        weight: 1, frequency: pair.frequency,
                        norm: norms[Int(pair.lengthCode.rawValue)])
                    #expect(score == slow[rank - 1], "rank \(rank) of \(count), to \(greatest)")
                }
            }
        }
    }
}
