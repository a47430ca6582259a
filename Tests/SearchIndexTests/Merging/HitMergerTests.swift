import SearchIndex
import TestSupport
import Testing

struct HitMergerTests {
    private func hit(_ score: Float, _ key: UInt64, _ id: UInt8 = 0) -> RankedHit {
        RankedHit(score: score, orderKey: OrderKey(key), id: [id])
    }

    @Test func `higher score, then lower order key, then lower id comes first`() {
        #expect(hit(2, 9).precedes(hit(1, 1)))
        #expect(hit(1, 1).precedes(hit(1, 2)))
        #expect(hit(1, 1, 1).precedes(hit(1, 1, 2)))
        #expect(!hit(1, 1, 1).precedes(hit(1, 1, 1)))
    }

    @Test func `merging equals sorting everything and cutting`() {
        var random = SeededRandom.forTest("hit merger")
        for _ in 0..<500 {
            var lists: [[RankedHit]] = []
            for source in 0..<Int.random(in: 0...6, using: &random) {
                var list: [RankedHit] = []
                for _ in 0..<Int.random(in: 0...12, using: &random) {
                    list.append(
                        hit(
                            Float(Int.random(in: 0...3, using: &random)),
                            UInt64.random(in: 0...4, using: &random), UInt8(source)))
                }
                lists.append(list.sorted { $0.precedes($1) })
            }
            let offset = Int.random(in: 0...10, using: &random)
            let limit = Int.random(in: 0...10, using: &random)
            let all = lists.joined().sorted { $0.precedes($1) }
            let merged = HitMerger.merge(lists, offset: offset, limit: limit)
            #expect(
                merged.map { lists[$0.source][$0.index] }
                    == Array(all.dropFirst(offset).prefix(limit)))
        }
    }

    @Test func `of equal hits that of the earlier list comes first`() {
        let lists = [[hit(1, 1)], [hit(1, 1)], [hit(2, 1)]]
        #expect(HitMerger.merge(lists, offset: 0, limit: 9).map(\.source) == [2, 0, 1])
    }

    @Test func `numbers outside the lists give what there is`() {
        let lists = [[hit(1, 1)], []]
        #expect(HitMerger.merge(lists, offset: -5, limit: .max).count == 1)
        #expect(HitMerger.merge(lists, offset: .max, limit: .max).isEmpty)
        #expect(HitMerger.merge(lists, offset: 0, limit: -1).isEmpty)
    }
}
